// One request under way on a connection, from its head to the last byte of its answer.
import { Failure } from "../../base/failure.ts";
import type { Http1Head } from "../../protocol/index.ts";
import { ByteStream, Reply, releaseBody, type Answer, type Exchange } from "../exchange/index.ts";
import type { PulledBody } from "./pulled-body.ts";
import type { EngineSettings, FinishedExchange } from "./settings.ts";

// The access log's status for a client that left before its answer had a head.
const CLIENT_LEFT = 499;

export class Turn {
  /** null where the head could not be read. */
  readonly head: Http1Head | null;
  readonly body: PulledBody;
  readonly id: string;
  readonly receivedMs: number;
  readonly startMs: number;
  /** As in force when the request came: a reload does not change the rules for it. */
  readonly settings: EngineSettings;
  /** null until it is known whom the request is for. */
  exchange: Exchange | null = null;
  /** The client was told to go on with its body (100). */
  continued = false;
  /** The status of the answer that is written, or will be in this turn of the loop. */
  status: number | null = null;

  constructor(
    head: Http1Head | null,
    body: PulledBody,
    settings: EngineSettings,
    made: { id: string; receivedMs: number; startMs: number },
  ) {
    this.head = head;
    this.body = body;
    this.settings = settings;
    this.id = made.id;
    this.receivedMs = made.receivedMs;
    this.startMs = made.startMs;
  }

  /** The reply that `answer` is: a failure is answered from the table, by the site's own page. */
  replyOf(answer: Answer): Reply {
    if (answer instanceof Reply) return answer;
    return this.settings.failureReply(answer, {
      method: this.head?.method ?? "GET",
      accept: this.head?.fields.get("accept") ?? null,
      host: this.exchange?.host ?? "",
      id: this.id,
    });
  }

  /** What the access log says of it. */
  finished(remoteAddress: string, nowMs: number, bodyBytes: number): FinishedExchange {
    const { head, id, receivedMs } = this;
    const status = this.status ?? CLIENT_LEFT;
    const request = head && {
      method: head.method,
      target: head.target,
      minorVersion: head.minorVersion,
      host: this.exchange?.host ?? "",
      referer: head.fields.get("referer"),
      userAgent: head.fields.get("user-agent"),
    };
    const durationMs = nowMs - this.startMs;
    return { remoteAddress, receivedMs, durationMs, id, request, status, bodyBytes };
  }
}

/** Gives back what an answer holds that nobody will write. */
export function discard(answer: Answer): void {
  if (answer instanceof Failure) return;
  releaseBody(answer.body);
  if (answer.body instanceof ByteStream) {
    void abandon(answer.body);
  }
}

/** Tells whoever makes a stream that nobody wants it. */
export async function abandon(stream: ByteStream): Promise<void> {
  try {
    await stream.source[Symbol.asyncIterator]().return?.();
  } catch {
    // It was about to end in any case, and the answer does not depend on it.
  }
}

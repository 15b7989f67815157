// One request under way on a connection, from its head to the last byte of its answer.
import { Failure } from "../../base/failure.ts";
import type { Http1Head } from "../../protocol/index.ts";
import { ByteStream, Reply, releaseBody, type Answer } from "../exchange/index.ts";
import type { PulledBody } from "./pulled-body.ts";
import type { EngineSettings, FinishedExchange } from "./settings.ts";

export class Turn {
  /** null where the head could not be read. */
  readonly head: Http1Head | null;
  readonly body: PulledBody;
  readonly id: string;
  readonly receivedMs: number;
  readonly startMs: number;
  /** As in force when the request came: a reload does not change the rules for it. */
  readonly settings: EngineSettings;
  host = "";
  /** The client was told to go on with its body (100). */
  continued = false;
  /** The answer's head is written, or will be in this turn of the loop. */
  replied = false;

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
      host: this.host,
      id: this.id,
    });
  }

  /** What the access log says of it. */
  finished(
    remoteAddress: string,
    nowMs: number,
    status: number,
    bodyBytes: number,
  ): FinishedExchange {
    const { head, id, receivedMs } = this;
    const request = head && {
      method: head.method,
      target: head.target,
      minorVersion: head.minorVersion,
      host: this.host,
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
    const iterator = answer.body.source[Symbol.asyncIterator]();
    iterator.return?.().catch(() => undefined); // the client is gone, and so is who would be told
  }
}

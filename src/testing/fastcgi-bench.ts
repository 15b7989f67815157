// A route of FastCGI with a program behind it that does what the test says.
import assert from "node:assert/strict";
import { Failure } from "../base/failure.ts";
import { backendAt, FastCgiRoute, type FastCgiOptions } from "../handlers/fastcgi/index.ts";
import {
  ByteStream,
  type Answer,
  type ReplyBody,
  type RequestBody,
} from "../http/exchange/index.ts";
import type { RoomContext } from "../http/room.ts";
import { exchangeOf, type AskedFor } from "./exchange.ts";
import { withFastCgiPeer, type FastCgiPeer, type PeerAnswer } from "./fastcgi-peer.ts";
import { roomContext } from "./room-context.ts";
import { LogNotes } from "./store-bench.ts";

export const FASTCGI_DEFAULTS: FastCgiOptions = {
  address: undefined,
  spawn: undefined,
  workers: 1,
  root: undefined,
  script: undefined,
  index: ["index.php"],
  suffixes: [".php"],
  backendRoot: undefined,
  env: {},
  passAuthorization: false,
  concurrency: 16,
  queue: 16,
  queueWait: 1000,
  followLinks: false,
  sendFiles: [],
};

export interface FastCgiBench {
  readonly peer: FastCgiPeer;
  readonly folder: string;
  readonly log: LogNotes;
  route(options?: Partial<FastCgiOptions>, context?: Partial<RoomContext>): FastCgiRoute;
  /** A route to whoever listens at `path`. */
  routeTo(path: string): FastCgiRoute;
}

export function withFastCgiBench(
  answer: PeerAnswer,
  body: (bench: FastCgiBench) => Promise<void>,
): Promise<void> {
  return withFastCgiPeer(answer, (peer, folder) => {
    const log = new LogNotes();
    const routeTo = (
      path: string,
      options: Partial<FastCgiOptions> = {},
      context: Partial<RoomContext> = {},
    ): FastCgiRoute => {
      const address = { kind: "unix", path } as const;
      const given = { ...FASTCGI_DEFAULTS, address, ...options };
      return new FastCgiRoute(given, roomContext({ log, ...context }), backendAt(address));
    };
    const route: FastCgiBench["route"] = (options, context) => routeTo(peer.path, options, context);
    return body({ peer, folder, log, route, routeTo });
  });
}

/** The answer in words; "…" where its body is cut. */
export async function told(answer: Answer): Promise<string> {
  if (answer instanceof Failure) return answer.code;
  const body = await textOf(answer.body);
  return `${answer.status} ${body}`.trimEnd();
}

export async function textOf(body: ReplyBody): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString("latin1");
  if (!(body instanceof ByteStream)) return "";
  const { source } = body;
  let text = "";
  try {
    for await (const piece of source) text += Buffer.from(piece).toString("latin1");
  } catch {
    return `${text}…`;
  }
  return text;
}

export async function ask(route: FastCgiRoute, asked: AskedFor = {}): Promise<string> {
  return told(await route.answer(exchangeOf(asked)));
}

export function bodyOf(content: Uint8Array, length: number | null = content.length): RequestBody {
  let at = 0;
  return {
    length,
    bytesMax: 1e9,
    readyBytes: 0,
    async read() {
      const piece = content.subarray(at, at + 10_000);
      at += piece.length;
      return piece.length === 0 ? null : piece;
    },
    fill: async () => assert.fail("it is read in pieces"),
  };
}

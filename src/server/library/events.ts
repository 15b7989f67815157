// What a program's own server tells those who listen.
import type { ErrorTold, RequestTold } from "../orders.ts";

/** A request that is over: answered, cut, or left by its client. */
export interface FinishedRequest {
  /** On error answers, and in the log. */
  readonly id: string;
  readonly method: string;
  /** As it came: encoded, with its query behind a "?". */
  readonly target: string;
  /** As it came, without the query. */
  readonly path: string;
  readonly host: string;
  /** 499: the client left before there was an answer. */
  readonly status: number;
  readonly durationMs: number;
  /** Of the answer's body. */
  readonly bytes: number;
  readonly remoteAddress: string;
}

/** Something went wrong in the server or a handler, and goes on. */
export interface ServerFault {
  readonly message: string;
  /** "" where there is none. */
  readonly stack: string;
  /** Of the request that it happened in, which its answer names, too; null: in none. */
  readonly id: string | null;
}

/** The events of a server, with what their listeners are handed. */
export interface ServerEvents {
  /** It accepts connections, on these URLs. */
  listening: [urls: readonly string[]];
  request: [request: FinishedRequest];
  /** Unlike other emitters' it may go unheard. */
  error: [fault: ServerFault];
  /** A line of the log, which goes nowhere else. */
  notice: [line: string];
  stopped: [];
}

/** Null where the request's head could not be read. */
export function finishedRequest({ finished }: RequestTold): FinishedRequest | null {
  const { id, request, status, durationMs, bodyBytes: bytes, remoteAddress } = finished;
  if (request === null) return null;
  const { method, target, host } = request;
  const [path = ""] = target.split("?", 1);
  return { id, method, target, path, host, status, durationMs, bytes, remoteAddress };
}

/** What listeners are handed of an error. */
export function serverFault({ message, stack, id }: ErrorTold): ServerFault {
  return { message, stack, id };
}

// From a request's head to an exchange: the one place where host and path are decided (RFC 9112
// §3.2, §3.3). An absolute target's authority beats the Host field, for the loopback guard too.
import { Failure } from "../../base/failure.ts";
import { decodePath, parseAuthority, parseTarget } from "../../protocol/index.ts";
import type { Http1Head } from "../../protocol/index.ts";
import {
  Exchange,
  type ConnectionFacts,
  type Handler,
  type RequestBody,
} from "../exchange/index.ts";

/** What is known of a request beside its head. */
export interface Arrival {
  readonly id: string;
  readonly receivedMs: number;
  readonly connection: ConnectionFacts;
  readonly body: RequestBody;
  readonly dispatch: Handler;
}

/** The exchange for `head`, or why there can be none (always a 4xx, or 501 for CONNECT). */
export function openExchange(head: Http1Head, arrival: Arrival): Exchange | Failure {
  const target = parseTarget(head.method, head.target);
  if (target instanceof Failure) return target;
  if (target.form === "authority") return new Failure("connectRefused");
  const authority = target.authority ?? head.host ?? "";
  const host = hostOf(authority);
  if (host === null) return new Failure("hostMalformed", authority);
  const path = target.form === "asterisk" ? "*" : decodePath(target.rawPath);
  if (path instanceof Failure) return path;
  const { id, receivedMs, connection, body, dispatch } = arrival;
  const { rawPath, query } = target;
  return new Exchange(
    { request: head, body, connection, receivedMs, id, host, authority, path, rawPath, query },
    dispatch,
  );
}

function hostOf(authority: string): string | null {
  if (authority === "") return "";
  return parseAuthority(authority)?.host ?? null;
}

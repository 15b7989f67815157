// For whom and for what a request is: its target and its Host field taken together (RFC 9112 §3.2,
// §3.3). An absolute target's authority beats the Host field. Decided in one place, so that whoever
// guards a path or a host looks at what is answered.
import { Failure } from "../base/failure.ts";
import { parseAuthority } from "./authority.ts";
import { decodePath, parseTarget, type TargetForm } from "./target.ts";

export interface Asked {
  readonly form: TargetForm;
  /** Host and port as the client wrote them; "" where HTTP/1.0 sent none. */
  readonly authority: string;
  /** The host without port, in lower case, IPv6 in its brackets; "" where there is none. */
  readonly host: string;
  /** Percent-decoded once, without dot segments; "*" in asterisk form, "" in authority form. */
  readonly path: string;
  /** The path as it came. */
  readonly rawPath: string;
  /** Behind the first `?`, without it; "" when there is none. */
  readonly query: string;
}

export type AskedFailure = Failure<"targetMalformed" | "pathMalformed" | "hostMalformed">;

/** What `target`, with `hostField` beside it (null: none), asks for. */
export function readAsked(
  method: string,
  target: string,
  hostField: string | null,
): Asked | AskedFailure {
  const parsed = parseTarget(method, target);
  if (parsed instanceof Failure) return parsed;
  const { form, rawPath, query } = parsed;
  const authority = parsed.authority ?? hostField ?? "";
  const host = authority === "" ? "" : (parseAuthority(authority)?.host ?? null);
  if (host === null) return new Failure("hostMalformed", authority);
  const path = rawPath[0] === "/" ? decodePath(rawPath) : rawPath;
  if (path instanceof Failure) return path;
  return { form, authority, host, path, rawPath, query };
}

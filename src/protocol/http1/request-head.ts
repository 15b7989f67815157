// All that is decided on a request's head before anybody sees it.
import { Failure } from "../../base/failure.ts";
import { readAsked, type Asked, type AskedFailure } from "../asked.ts";
import { parseAuthority } from "../authority.ts";
import type { Fields } from "../fields.ts";
import { parseTarget } from "../target.ts";
import type { Http1FailureCode } from "./failures.ts";
import { announcedLength, listHas, wantsKeepAlive } from "./framing.ts";
import type { HeadScanner } from "./head-scanner.ts";
import type { RequestLine } from "./request-line.ts";

/** A request's head. What it says never changes, so that requests of equal heads may share it. */
export class Http1Head {
  /** Any token; the case counts. */
  readonly method: string;
  /** As it came, and sound: `parseTarget` takes it. */
  readonly target: string;
  readonly minorVersion: 0 | 1;
  readonly fields: Fields;
  /** Null: chunked. 0: no body. */
  readonly contentLength: number | null;
  /** What the client wants. */
  readonly keepAlive: boolean;
  /** The client waits with its body for a 100. Never without a body, never in HTTP/1.0. */
  readonly expectsContinue: boolean;
  /** The Host field, sound; null in HTTP/1.0 without. An absolute target's authority beats it. */
  readonly host: string | null;
  /** What whoever answers keeps with it, for requests of equal heads. */
  kept: object | null = null;
  #asked: Asked | AskedFailure | null = null;

  constructor(
    line: { method: string; target: string; minorVersion: 0 | 1 },
    fields: Fields,
    contentLength: number | null,
    host: string | null,
  ) {
    this.method = line.method;
    this.target = line.target;
    this.minorVersion = line.minorVersion;
    this.fields = fields;
    this.contentLength = contentLength;
    this.host = host;
    this.keepAlive = wantsKeepAlive(fields, line.minorVersion);
    this.expectsContinue =
      line.minorVersion === 1 && contentLength !== 0 && expectsContinue(fields);
  }

  /** For whom and for what it is; found out when it is asked for first. */
  get asked(): Asked | AskedFailure {
    this.#asked ??= readAsked(this.method, this.target, this.host);
    return this.#asked;
  }
}

/** The head that was scanned, if it is sound. */
export function readHead(
  line: RequestLine,
  scanner: HeadScanner,
): Http1Head | Failure<Http1FailureCode> {
  const fields = scanner.fields();
  const { minorVersion } = line;
  const method = line.method(scanner.text);
  const target = line.target(scanner.text);
  if (target.charCodeAt(0) !== 0x2f || method === "CONNECT") {
    const parsed = parseTarget(method, target); // other targets are sound by their characters
    if (parsed instanceof Failure) return parsed;
  }
  const host = fields.get("host");
  if (host === null && minorVersion === 1) return new Failure("hostMissing");
  // Several Host lines come joined by a comma here, which no host has.
  if (host !== null && parseAuthority(host) === null) return new Failure("hostMalformed", host);
  const length = announcedLength(fields, minorVersion);
  if (length instanceof Failure) return length;
  const contentLength = length === "chunked" ? null : (length ?? 0);
  return new Http1Head({ method, target, minorVersion }, fields, contentLength, host);
}

function expectsContinue(fields: Fields): boolean {
  const expect = fields.get("expect");
  return expect !== null && listHas(expect, "100-continue");
}

// `method SP target SP HTTP/1.1 CR LF` (RFC 9112 §3), one space each, so that nobody can see
// another target than we do. A line without a version is HTTP/0.9 and refused.
import { Failure } from "../../base/failure.ts";
import { CR, LF, SP, TARGET, TOKEN } from "../characters.ts";
import type { Http1FailureCode } from "./failures.ts";
import type { StartLine } from "./head-scanner.ts";
import { fits, minorVersion } from "./version.ts";

const METHOD_BYTES_MAX = 64;
const VERSION = "HTTP/d.d\r\n";

type Step = "method" | "target" | "version" | "done";

export class RequestLine implements StartLine {
  readonly bytesMax: number;
  readonly #targetBytesMax: number;
  #step: Step = "method";
  #methodEnd = 0;
  #targetEnd = 0;
  #minorVersion: 0 | 1 = 1;

  constructor(targetBytesMax: number) {
    this.#targetBytesMax = targetBytesMax;
    this.bytesMax = METHOD_BYTES_MAX + targetBytesMax + VERSION.length + 2;
  }

  get done(): boolean {
    return this.#step === "done";
  }

  get minorVersion(): 0 | 1 {
    return this.#minorVersion;
  }

  /** Out of the head's text. */
  method(text: string): string {
    return text.slice(0, this.#methodEnd);
  }

  /** Out of the head's text. */
  target(text: string): string {
    return text.slice(this.#methodEnd + 1, this.#targetEnd);
  }

  restart(): void {
    this.#step = "method";
  }

  scan(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    let at: number | Failure<Http1FailureCode> = from;
    if (this.#step === "method") at = this.#scanMethod(bytes, at, end);
    if (this.#step === "target" && typeof at === "number") at = this.#scanTarget(bytes, at, end);
    if (this.#step === "version" && typeof at === "number") at = this.#scanVersion(bytes, at, end);
    return at;
  }

  #scanMethod(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    let at = from;
    while (at < end && at <= METHOD_BYTES_MAX && TOKEN[bytes[at]!]) at += 1;
    if (at > METHOD_BYTES_MAX) return new Failure("requestLineMalformed", "method too long");
    if (at === end) return at;
    if (at === 0 || bytes[at] !== SP) return new Failure("requestLineMalformed", "method");
    this.#methodEnd = at;
    this.#step = "target";
    return at + 1;
  }

  #scanTarget(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    const start = this.#methodEnd + 1;
    const endMax = start + this.#targetBytesMax;
    let at = from;
    while (at < end && at <= endMax && TARGET[bytes[at]!]) at += 1;
    if (at > endMax) return new Failure("targetTooLong");
    if (at === end) return at;
    const byte = bytes[at];
    if (at === start || byte === CR || byte === LF) {
      return new Failure("requestLineMalformed", "no version or no target");
    }
    if (byte !== SP) return new Failure("targetMalformed", "characters");
    this.#targetEnd = at;
    this.#step = "version";
    return at + 1;
  }

  #scanVersion(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    const start = this.#targetEnd + 1;
    for (let at = from; at < end; at += 1) {
      if (!fits(VERSION, at - start, bytes[at]!)) {
        return new Failure("requestLineMalformed", "version");
      }
      if (bytes[at] === LF) {
        const minor = minorVersion(bytes, start);
        if (minor === null) return new Failure("versionUnsupported");
        this.#minorVersion = minor;
        this.#step = "done";
        return at + 1;
      }
    }
    return end;
  }
}

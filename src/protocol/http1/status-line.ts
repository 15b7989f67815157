// `HTTP/1.1 SP status SP reason CR LF` (RFC 9112 §4). The reason says nothing, and may be empty.
import { Failure } from "../../base/failure.ts";
import { CR, LF, VALUE } from "../characters.ts";
import type { Http1FailureCode } from "./failures.ts";
import type { StartLine } from "./head-scanner.ts";
import { fits, minorVersion } from "./version.ts";

const REASON_BYTES_MAX = 512;
const UP_TO_REASON = "HTTP/d.d ddd ";

type Step = "status" | "reason" | "lf" | "done";

export class StatusLine implements StartLine {
  readonly bytesMax = UP_TO_REASON.length + REASON_BYTES_MAX + 2;
  #step: Step = "status";
  #reasonEnd = 0;
  #minorVersion: 0 | 1 = 1;

  get done(): boolean {
    return this.#step === "done";
  }

  get minorVersion(): 0 | 1 {
    return this.#minorVersion;
  }

  /** Out of the head's text. */
  status(text: string): number {
    return Number(text.slice(9, 12));
  }

  /** Out of the head's text. */
  reason(text: string): string {
    return text.slice(UP_TO_REASON.length, this.#reasonEnd);
  }

  restart(): void {
    this.#step = "status";
  }

  scan(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    let at: number | Failure<Http1FailureCode> = from;
    if (this.#step === "status") at = this.#scanStatus(bytes, at, end);
    if (this.#step !== "status" && typeof at === "number") at = this.#scanReason(bytes, at, end);
    return at;
  }

  #scanStatus(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    for (let at = from; at < end; at += 1) {
      if (!fits(UP_TO_REASON, at, bytes[at]!)) return new Failure("statusLineMalformed");
      if (at === UP_TO_REASON.length - 1) {
        const minor = minorVersion(bytes, 0);
        if (minor === null) return new Failure("versionUnsupported");
        const hundreds = bytes[9]! - 0x30;
        if (hundreds < 1 || hundreds > 5) return new Failure("statusLineMalformed", "status");
        this.#minorVersion = minor;
        this.#step = "reason";
        return at + 1;
      }
    }
    return end;
  }

  #scanReason(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    let at = from;
    if (this.#step === "reason") {
      const endMax = UP_TO_REASON.length + REASON_BYTES_MAX;
      while (at < end && at <= endMax && VALUE[bytes[at]!]) at += 1;
      if (at > endMax) return new Failure("statusLineMalformed", "reason too long");
      if (at === end) return at;
      if (bytes[at] !== CR) return new Failure("statusLineMalformed", "reason");
      this.#reasonEnd = at;
      this.#step = "lf";
      at += 1;
    }
    if (at === end) return at;
    if (bytes[at] !== LF) return new Failure("lineEndMalformed", "CR without LF");
    this.#step = "done";
    return at + 1;
  }
}

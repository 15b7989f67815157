// The field lines of a head or of trailers, up to and with the empty line (RFC 9112 §5), looked at
// once, byte by byte, from wherever the last look stopped:
//
//   name : [blanks] value [blanks] CR LF  …  CR LF
//
// A bare CR or LF, a folded line and a blank before the colon are refused: wherever somebody on the
// way reads such a line otherwise, a request is smuggled (RFC 9112 §11.2).
import { Failure } from "../../base/failure.ts";
import { COLON, CR, isBlank, LF, TOKEN, VALUE } from "../characters.ts";
import type { Http1FailureCode } from "./failures.ts";

type Step = "line" | "name" | "blanks" | "value" | "lineLf" | "endLf" | "done";

export class FieldSection {
  #step: Step = "line";
  #marks: number[] = [];

  get done(): boolean {
    return this.#step === "done";
  }

  /** For FieldLines: offsets into the bytes that were scanned. */
  get marks(): readonly number[] {
    return this.#marks;
  }

  restart(): void {
    this.#step = "line";
    this.#marks = [];
  }

  /**
   * Goes on at `from`, the place where it stopped. Returns where it stops: at `end`, or when done.
   */
  scan(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode> {
    let at = from;
    while (at < end && this.#step !== "done") {
      switch (this.#step) {
        case "line":
          if (TOKEN[bytes[at]!]) this.#mark(at, "name");
          else if (bytes[at] === CR) this.#step = "endLf";
          else return wrongLineStart(bytes[at]!);
          at += 1;
          break;
        case "name":
          while (at < end && TOKEN[bytes[at]!]) at += 1;
          if (at === end) break;
          if (bytes[at] !== COLON) return new Failure("fieldNameMalformed", byteName(bytes[at]!));
          this.#mark(at, "blanks");
          at += 1;
          break;
        case "blanks":
          while (at < end && isBlank(bytes[at]!)) at += 1;
          if (at < end) this.#mark(at, "value");
          break;
        case "value":
          while (at < end && VALUE[bytes[at]!]) at += 1;
          if (at === end) break;
          if (bytes[at] !== CR) return wrongInValue(bytes[at]!);
          this.#mark(this.#endOfValue(bytes, at), "lineLf");
          at += 1;
          break;
        case "lineLf":
        case "endLf":
          if (bytes[at] !== LF) return new Failure("lineEndMalformed", "CR without LF");
          this.#step = this.#step === "endLf" ? "done" : "line";
          at += 1;
          break;
      }
    }
    return at;
  }

  #mark(at: number, next: Step): void {
    this.#marks.push(at);
    this.#step = next;
  }

  #endOfValue(bytes: Uint8Array, lineEnd: number): number {
    const start = this.#marks.at(-1)!;
    let end = lineEnd;
    while (end > start && isBlank(bytes[end - 1]!)) end -= 1;
    return end;
  }
}

function wrongLineStart(byte: number): Failure<Http1FailureCode> {
  if (isBlank(byte)) return new Failure("lineFolded");
  if (byte === LF) return new Failure("lineEndMalformed", "LF without CR");
  return new Failure("fieldNameMalformed", byteName(byte));
}

function wrongInValue(byte: number): Failure<Http1FailureCode> {
  if (byte === LF) return new Failure("lineEndMalformed", "LF without CR");
  return new Failure("fieldValueMalformed", byteName(byte));
}

function byteName(byte: number): string {
  return `byte 0x${byte.toString(16).padStart(2, "0")}`;
}

// The chunked transfer coding (RFC 9112 §7.1), a small machine over the framing's bytes:
//
//   size [extensions] CR LF  content CR LF  …  0 [extensions] CR LF  trailers CR LF
//
// Framing that carries next to no content is an attack on our time: every byte of it is counted,
// and paid for by content, so that even chunks of one byte are fine, but not endless extensions.
import { Failure } from "../../base/failure.ts";
import { CR, HEX, LF } from "../characters.ts";
import type { Fields } from "../fields.ts";
import type { BodyDecoder, ContentSink } from "./body.ts";
import { afterExtension, afterSize, type ExtensionStep } from "./chunk-extension.ts";
import type { Http1FailureCode } from "./failures.ts";
import { HeadScanner } from "./head-scanner.ts";

const UNPAID_BYTES_MAX = 16 * 1024;
const PAID_BY_CONTENT_BYTE = 8;

/** Fields that frame, route or steer a message: too late behind its body (RFC 9110 §6.5.1). */
export const FORBIDDEN_TRAILERS: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "expect",
  "host",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

type Step =
  | "size"
  | "digits"
  | ExtensionStep
  | "sizeLf"
  | "content"
  | "contentCr"
  | "contentLf"
  | "trailers"
  | "done";

export class ChunkedDecoder implements BodyDecoder {
  readonly #trailers: HeadScanner;
  #step: Step = "size";
  #chunkBytes = 0; // still to come
  #unpaidBytes = 0;

  /** `trailerBytesMax` bounds the trailers and the empty line behind them. */
  constructor(trailerBytesMax: number) {
    this.#trailers = new HeadScanner({
      startLine: null,
      fieldBytesMax: trailerBytesMax,
      tooLarge: "trailersTooLarge",
    });
  }

  get done(): boolean {
    return this.#step === "done";
  }

  get trailers(): Fields | null {
    return this.#trailers.empty ? null : this.#trailers.fields();
  }

  feed(input: Uint8Array, sink: ContentSink): number | Failure<Http1FailureCode> {
    let at = 0;
    while (at < input.length && this.#step !== "done") {
      if (this.#step === "content") {
        at += this.#takeContent(input, at, sink);
      } else if (this.#step === "trailers") {
        const taken = this.#takeTrailers(at === 0 ? input : input.subarray(at));
        if (taken instanceof Failure) return taken;
        at += taken;
      } else {
        this.#unpaidBytes += 1;
        if (this.#unpaidBytes > UNPAID_BYTES_MAX) return new Failure("chunkFramingTooLarge");
        const next = this.#after(this.#step, input[at]!);
        if (next === null) return new Failure("chunkMalformed", `at ${this.#step}`);
        this.#step = next;
        at += 1;
      }
    }
    return at;
  }

  #takeContent(input: Uint8Array, at: number, sink: ContentSink): number {
    const taken = Math.min(input.length - at, this.#chunkBytes);
    sink.onContent(input.subarray(at, at + taken));
    this.#chunkBytes -= taken;
    this.#unpaidBytes = Math.max(0, this.#unpaidBytes - PAID_BY_CONTENT_BYTE * taken);
    if (this.#chunkBytes === 0) this.#step = "contentCr";
    return taken;
  }

  #takeTrailers(input: Uint8Array): number | Failure<Http1FailureCode> {
    const taken = this.#trailers.feed(input);
    if (taken instanceof Failure || !this.#trailers.done) return taken;
    for (const [name] of this.#trailers.fields().entries()) {
      if (FORBIDDEN_TRAILERS.has(name.toLowerCase())) return new Failure("trailerForbidden", name);
    }
    this.#step = "done";
    return taken;
  }

  /** The step behind `byte`; null where it is out of place. */
  #after(step: Exclude<Step, "content" | "trailers" | "done">, byte: number): Step | null {
    switch (step) {
      case "size":
        return this.#addDigit(HEX[byte]!) ? "digits" : null;
      case "digits":
        if (HEX[byte]! < 0) return afterSize(byte);
        return this.#addDigit(HEX[byte]!) ? "digits" : null;
      case "sizeLf":
        if (byte !== LF) return null;
        return this.#chunkBytes === 0 ? "trailers" : "content";
      case "contentCr":
        return byte === CR ? "contentLf" : null;
      case "contentLf":
        return byte === LF ? "size" : null;
      default:
        return afterExtension(step, byte);
    }
  }

  /** False where it is no digit, or the size is beyond what a number holds exactly. */
  #addDigit(digit: number): boolean {
    if (digit < 0 || this.#chunkBytes > (Number.MAX_SAFE_INTEGER - digit) / 16) return false;
    this.#chunkBytes = this.#chunkBytes * 16 + digit;
    return true;
  }
}

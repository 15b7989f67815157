// A form of parts (RFC 7578, RFC 2046 §5.1.1), out of bytes as they come:
//
//   [preamble CR LF]  --boundary [blanks] CR LF  head  content
//        CR LF --boundary [blanks] CR LF  head  content  …
//        CR LF --boundary -- [blanks] [CR LF epilogue]
//
// Content is handed on as views of the input. Behind a boundary comes the end of its line or the
// form is refused: some readers take `--boundaryX` for a delimiter, others for content.
import { Failure } from "../../base/failure.ts";
import { CR, isBlank, LF } from "../characters.ts";
import { HeadScanner } from "../http1/index.ts";
import { isBoundary } from "./boundary.ts";
import { DelimiterSearch } from "./delimiter-search.ts";
import type { MultipartFailureCode } from "./failures.ts";
import { readPartHead, type PartHead, type PartHeadLimits } from "./part-head.ts";

export interface MultipartLimits extends PartHeadLimits {
  readonly parts: number;
  /** Of a part's field lines and the empty line behind them. */
  readonly headBytes: number;
  /** Before the first part, behind the last, and blanks behind a boundary: of each. */
  readonly paddingBytes: number;
}

export const MULTIPART_LIMITS: MultipartLimits = {
  parts: 1000,
  headBytes: 16 * 1024,
  nameBytes: 1024,
  filenameBytes: 4096,
  paddingBytes: 16 * 1024,
};

export interface MultipartSink {
  onPart(head: PartHead): void;
  /** Some bytes of the part's content, never none. They are lent: copy what is kept. */
  onContent(bytes: Uint8Array): void;
  /** The part is whole. */
  onPartEnd(): void;
}

export type MultipartFailure = Failure<MultipartFailureCode>;

type Step = "preamble" | "content" | "head" | "epilogue" | LineStep;
/** Behind a boundary, in what is left of its line. */
type LineStep = "behind" | "dash" | "blanks" | "lineLf" | "endBlanks" | "endLf";

const DASH = 0x2d;

/** Reads one form. The first failure is the last word. */
export class MultipartParser {
  readonly #delimiters: DelimiterSearch;
  readonly #limits: MultipartLimits;
  readonly #sink: MultipartSink;
  readonly #head: HeadScanner;
  #step: Step = "preamble";
  #parts = 0;
  #inPart = false;
  #paddingBytes = 0;
  #failure: MultipartFailure | null = null;

  /** `boundary` as multipartBoundary reads it. */
  constructor(boundary: string, limits: MultipartLimits, sink: MultipartSink) {
    if (!isBoundary(boundary)) throw new TypeError(`${JSON.stringify(boundary)} is no boundary`);
    this.#delimiters = new DelimiterSearch(boundary, (content) => this.#giveContent(content));
    this.#limits = limits;
    this.#sink = sink;
    this.#head = new HeadScanner({
      startLine: null,
      fieldBytesMax: limits.headBytes,
      tooLarge: "headTooLarge",
    });
  }

  /** Takes all of `bytes`, or fails. */
  feed(bytes: Uint8Array): MultipartFailure | null {
    let at = 0;
    while (at < bytes.length && this.#failure === null) at = this.#take(bytes, at);
    return this.#failure;
  }

  /** To be called where the body ends: fails with `multipartCut` before the last boundary. */
  end(): MultipartFailure | null {
    if (this.#failure !== null) return this.#failure;
    const whole = ["endBlanks", "endLf", "epilogue"].includes(this.#step);
    if (!whole) this.#fail("multipartCut", `at ${this.#step}`);
    return this.#failure;
  }

  /** Returns where to go on. */
  #take(bytes: Uint8Array, at: number): number {
    switch (this.#step) {
      case "preamble":
      case "content":
        return this.#search(bytes, at);
      case "head":
        return this.#takeHead(bytes, at);
      case "epilogue":
        this.#addPadding(bytes.length - at);
        return bytes.length;
      default:
        this.#step = this.#afterBoundary(this.#step, bytes[at]!);
        return at + 1;
    }
  }

  #search(bytes: Uint8Array, at: number): number {
    const next = this.#delimiters.feed(bytes, at);
    if (this.#delimiters.found) this.#step = "behind";
    return next;
  }

  #giveContent(content: Uint8Array): void {
    if (this.#step === "preamble") this.#addPadding(content.length);
    else this.#sink.onContent(content);
  }

  #takeHead(bytes: Uint8Array, at: number): number {
    const taken = this.#head.feed(at === 0 ? bytes : bytes.subarray(at));
    if (taken instanceof Failure) {
      const tooLarge = taken.code === "headTooLarge";
      const detail = `${taken.code} ${taken.detail}`.trimEnd();
      return this.#fail(tooLarge ? "partHeadTooLarge" : "partHeadMalformed", detail, bytes);
    }
    if (this.#head.done) this.#beginPart();
    return at + taken;
  }

  #beginPart(): void {
    const head = readPartHead(this.#head.fields(), this.#limits);
    this.#head.restart();
    if (head instanceof Failure) {
      this.#failure = head;
      return;
    }
    this.#inPart = true;
    this.#step = "content";
    this.#delimiters.restart(); // behind the head's empty line: a part may have no content at all
    this.#sink.onPart(head);
  }

  /** The step behind `byte`; a failure is kept, and the step no matter. */
  #afterBoundary(step: LineStep, byte: number): Step {
    switch (step) {
      case "behind":
        if (byte === DASH) return this.#afterDash();
        this.#paddingBytes = 0;
        return this.#afterBlank(byte, "blanks", "lineLf");
      case "dash":
        if (byte !== DASH) break;
        this.#endPart();
        this.#paddingBytes = 0;
        return "endBlanks";
      case "blanks":
        return this.#afterBlank(byte, "blanks", "lineLf");
      case "endBlanks":
        return this.#afterBlank(byte, "endBlanks", "endLf");
      case "lineLf":
        if (byte !== LF) break;
        this.#endPart();
        this.#parts += 1;
        if (this.#parts > this.#limits.parts) this.#fail("partsTooMany");
        return "head";
      case "endLf":
        if (byte !== LF) break;
        return "epilogue";
    }
    this.#failAfterBoundary(byte);
    return step;
  }

  /** A form of no parts is what browsers send of none; a preamble then is a part gone astray. */
  #afterDash(): LineStep {
    const astray = this.#parts === 0 && this.#paddingBytes > 0;
    if (astray) this.#fail("multipartMalformed", "text, and no part");
    return "dash";
  }

  #afterBlank(byte: number, blanks: LineStep, lf: LineStep): LineStep {
    if (byte === CR) return lf;
    if (isBlank(byte)) this.#addPadding(1);
    else this.#failAfterBoundary(byte);
    return blanks;
  }

  #endPart(): void {
    if (this.#inPart) this.#sink.onPartEnd();
    this.#inPart = false;
  }

  #addPadding(bytes: number): void {
    this.#paddingBytes += bytes;
    if (this.#paddingBytes > this.#limits.paddingBytes) this.#fail("multipartPaddingTooLarge");
  }

  #failAfterBoundary(byte: number): void {
    this.#fail(
      "multipartMalformed",
      `byte 0x${byte.toString(16).padStart(2, "0")} behind a boundary`,
    );
  }

  /** Returns the end of `bytes`: nothing more is read of them. */
  #fail(code: MultipartFailureCode, detail = "", bytes?: Uint8Array): number {
    this.#failure = new Failure(code, detail);
    return bytes?.length ?? 0;
  }
}

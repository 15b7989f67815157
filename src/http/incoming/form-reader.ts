// A form of parts, out of bytes as they come, as a list of what happened in each piece. The parser
// calls while it reads and can't wait; whoever stores or hands on what it saw can.
import type { Failure } from "../../base/failure.ts";
import {
  MULTIPART_LIMITS,
  MultipartParser,
  type MultipartLimits,
  type PartHead,
} from "../../protocol/index.ts";

/** What was seen: a part begins, some of its content (lent, as its piece is), a part is whole. */
export type FormStep = PartHead | Uint8Array | "end";

export class FormReader {
  readonly #parser: MultipartParser;
  #steps: FormStep[] = [];

  /** `boundary` as `multipartBoundary` reads it. */
  constructor(boundary: string, limits: MultipartLimits = MULTIPART_LIMITS) {
    this.#parser = new MultipartParser(boundary, limits, {
      onPart: (head) => this.#steps.push(head),
      onContent: (bytes) => this.#steps.push(bytes),
      onPartEnd: () => this.#steps.push("end"),
    });
  }

  /** Reads `piece`. What it holds is in `taken`, also where the form is found to be wrong in it. */
  feed(piece: Uint8Array): Failure | null {
    return this.#parser.feed(piece);
  }

  /** To be called where the body ends: `multipartCut` before the last boundary. */
  end(): Failure | null {
    return this.#parser.end();
  }

  /** What was seen since this was asked for last. */
  taken(): FormStep[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }
}

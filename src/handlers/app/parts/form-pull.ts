// A form, by pull: what its body holds is read when somebody waits for it, a piece at a time. What
// a piece held waits here until it is asked for, so that memory is a piece's, whatever the form's
// size. Two may wait at once (a part's reader, and whoever goes on to the next part): the piece is
// read once, and each looks again.
import { Failure } from "../../../base/failure.ts";
import { FormReader, type FormStep } from "../../../http/incoming/index.ts";
import type { RequestBody } from "../../../http/exchange/index.ts";
import { Refused } from "../../../http/refused.ts";
import { MULTIPART_LIMITS, type PartHead } from "../../../protocol/index.ts";
import type { BoundsInForce } from "./bounds.ts";
import { CharsetField } from "./charset-field.ts";

export class FormPull {
  readonly bounds: BoundsInForce;
  readonly #body: RequestBody;
  readonly #reader: FormReader;
  readonly #charset = new CharsetField();
  #steps: FormStep[] = [];
  /** The next of `#steps`. */
  #at = 0;
  #part: PartHead | null = null;
  #partBytes = 0;
  #fieldsBytes = 0;
  #pulling: Promise<void> | null = null;
  /** What comes behind the steps: null where that is not known yet. */
  #end: "whole" | Refused | null = null;

  constructor(body: RequestBody, boundary: string, bounds: BoundsInForce) {
    this.#body = body;
    this.bounds = bounds;
    const { max, headerBytes } = bounds;
    const limits = { ...MULTIPART_LIMITS, parts: max, headBytes: headerBytes };
    this.#reader = new FormReader(boundary, limits);
  }

  /** What texts are in that say nothing themselves (RFC 7578 §4.6); null: nobody said. */
  get charset(): string | null {
    return this.#charset.label;
  }

  /** The next step that is here; undefined: `more` may bring some. */
  step(): FormStep | undefined {
    const step = this.#steps[this.#at];
    if (step !== undefined) this.#at += 1;
    return step;
  }

  /** Reads on. False: the form has ended, whole. Throws what is wrong with it, each time. */
  async more(): Promise<boolean> {
    if (this.#at < this.#steps.length) return true; // another reader brought it
    if (this.#end instanceof Refused) throw this.#end;
    if (this.#end === "whole") return false;
    this.#pulling ??= this.#pull().finally(() => (this.#pulling = null));
    await this.#pulling;
    return true;
  }

  async #pull(): Promise<void> {
    const piece = await this.#body.read();
    if (piece === null) this.#finish(this.#reader.end());
    else if (piece instanceof Failure) this.#finish(piece);
    else this.#take(piece);
  }

  #finish(failure: Failure | null): void {
    this.#end = failure === null ? "whole" : new Refused(failure);
  }

  #take(piece: Uint8Array): void {
    const failure = this.#reader.feed(piece);
    this.#steps = [];
    this.#at = 0;
    for (const step of this.#reader.taken()) {
      const refusal = this.#look(step);
      if (refusal !== null) return this.#finish(refusal);
      this.#steps.push(step instanceof Uint8Array ? ownView(step, piece) : step);
    }
    if (failure !== null) this.#finish(failure);
  }

  /** What passes a bound, also where nobody reads it. */
  #look(step: FormStep): Failure | null {
    if (step === "end") {
      if (this.#part!.filename === null) this.#charset.end();
      return null;
    }
    const isContent = step instanceof Uint8Array;
    if (!isContent) {
      this.#part = step;
      this.#partBytes = 0;
      if (step.filename === null) this.#charset.begin(step.name);
    }
    const { name, filename } = this.#part!;
    if (filename === null) {
      this.#fieldsBytes += isContent ? step.length : Buffer.byteLength(name);
      if (isContent) this.#charset.add(step);
      return this.#fieldsBytes > this.bounds.fieldBytes ? tooLarge("fieldsTooLarge", name) : null;
    }
    if (isContent) this.#partBytes += step.length;
    return this.#partBytes > this.bounds.fileBytes ? tooLarge("fileTooLarge", name) : null;
  }
}

export function tooLarge(code: "fieldsTooLarge" | "fileTooLarge", name: string): Failure {
  return new Failure(code, JSON.stringify(name));
}

/**
 * `content` as the app may keep it: no view of what the parser has for itself, and a plain
 * Uint8Array, as `slice` of a Buffer copies nothing.
 */
function ownView(content: Uint8Array, piece: Uint8Array): Uint8Array {
  // Two small Buffers have one memory, so that it alone does not tell them apart.
  const at = content.byteOffset - piece.byteOffset;
  const isOfPiece =
    content.buffer === piece.buffer && at >= 0 && at + content.length <= piece.length;
  if (!isOfPiece) return Uint8Array.from(content);
  return new Uint8Array(content.buffer, content.byteOffset, content.length);
}

// A form, by pull: what its body holds is read when somebody waits for it, a piece at a time. What
// a piece held waits here until it is asked for, so that memory is a piece's, whatever the form's
// size. Two may wait at once (a part's reader, and whoever goes on to the next part): the piece is
// read once, and each looks again.
import { Failure } from "../../../base/failure.ts";
import { FormReader, type FormStep } from "../../../http/incoming/index.ts";
import type { RequestBody } from "../../../http/exchange/index.ts";
import { pourBody, type PieceTaker } from "../../../http/pour-body.ts";
import { AppRefused } from "../app-refused.ts";
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
  #end: "whole" | AppRefused | null = null;

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

  /** All that has come was asked for, and more may come. */
  get isDrained(): boolean {
    return this.#at >= this.#steps.length && this.#end === null && this.#pulling === null;
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
    if (this.#end instanceof AppRefused) throw this.#end;
    if (this.#end === "whole") return false;
    this.#pulling ??= this.#pull().finally(() => (this.#pulling = null));
    await this.#pulling;
    return true;
  }

  /**
   * Hands on what comes of the part that is being read, by whole blocks, as bodies are stored: the
   * pieces are lent. Until the part's end is among the steps, which what is left of its content
   * is, too; or the form is at its end, which `more` tells. A failure is what `take` said: what
   * came behind it waits among the steps.
   */
  async pour(take: PieceTaker): Promise<Failure | null> {
    const pouring = this.#pour(take);
    this.#pulling = pouring.then(nothing, nothing).finally(() => (this.#pulling = null));
    return pouring;
  }

  async #pour(take: PieceTaker): Promise<Failure | null> {
    let refusal: Failure | null = null;
    // A failure is not told at once: the next piece is on its way, and would be lost.
    const refused = (failure: Failure | null): null => {
      refusal = failure;
      return null;
    };
    const outcome = await pourBody(this.#body, (piece) => {
      const contents = this.#contentsOf(piece, refusal !== null);
      if (contents === null) return POURED;
      const taken = contents.length === 1 ? take(contents[0]!) : takeInTurn(contents, take);
      return taken instanceof Promise ? taken.then(refused) : refused(taken);
    });
    if (outcome === null) this.#finish(this.#reader.end());
    else if (outcome !== POURED) this.#finish(outcome);
    return refusal;
  }

  /** What `piece` holds, where it is content alone; else null, and it is among the steps. */
  #contentsOf(piece: Uint8Array, isRefused: boolean): Uint8Array[] | null {
    this.#take(piece);
    const isContent = (step: FormStep): step is Uint8Array => step instanceof Uint8Array;
    const steps = this.#steps;
    if (!isRefused && this.#end === null && steps.every(isContent)) {
      this.#steps = [];
      return steps;
    }
    this.#steps = steps.map((step) => (isContent(step) ? Uint8Array.from(step) : step));
    return null;
  }

  async #pull(): Promise<void> {
    const piece = await this.#body.read();
    if (piece === null) this.#finish(this.#reader.end());
    else if (piece instanceof Failure) this.#finish(piece);
    else this.#take(piece);
  }

  #finish(failure: Failure | null): void {
    this.#end = failure === null ? "whole" : new AppRefused(failure);
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

/** Said in place of a failure, at once: behind this piece nothing more is to be read. */
const POURED = new Failure("poured");

function nothing(): void {}

async function takeInTurn(
  contents: readonly Uint8Array[],
  take: PieceTaker,
): Promise<Failure | null> {
  for (const content of contents) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const failure = await take(content);
    if (failure !== null) return failure;
  }
  return null;
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

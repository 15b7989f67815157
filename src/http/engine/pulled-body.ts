// A request's body as handlers read it. Nothing is taken from the socket until `read` asks; what
// the codec then gives beyond one piece (several chunks in one packet) waits here, bounded by a
// packet.
import { Failure } from "../../base/failure.ts";
import type { RequestBody } from "../exchange/index.ts";

/** Who fills the body: told when a reader waits. */
export interface BodySource {
  wantContent(body: PulledBody): void;
}

type Piece = Uint8Array | null | Failure;

export class PulledBody implements RequestBody {
  readonly length: number | null;
  readonly #bytesMax: number;
  readonly #source: BodySource;
  readonly #waiting: Uint8Array[] = [];
  #reader: ((piece: Piece) => void) | null = null;
  #received = 0;
  #end: null | "done" | Failure = null;
  #asked = false;

  /** `length` is the announced one, null where chunked; beyond `bytesMax`, `bodyTooLarge`. */
  constructor(length: number | null, bytesMax: number, source: BodySource) {
    this.length = length;
    this.#bytesMax = bytesMax;
    this.#source = source;
    if (length === 0) this.#end = "done";
  }

  /** A read is under way and nothing is there for it. */
  get wanted(): boolean {
    return this.#reader !== null;
  }

  /** A handler has asked for content. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Nothing of it has come yet. */
  get nothingCame(): boolean {
    return this.#received === 0;
  }

  /** There was no end, and there will be none: what the connection carries next is unknown. */
  get failed(): boolean {
    return this.#end instanceof Failure;
  }

  /** All of it has come from the client. */
  get complete(): boolean {
    return this.#end === "done";
  }

  read(): Promise<Piece> {
    this.#asked = true;
    const piece = this.#waiting.shift();
    if (piece !== undefined) return Promise.resolve(piece);
    if (this.#end === null && this.length !== null && this.length > this.#bytesMax) {
      this.#end = new Failure("bodyTooLarge", `${this.length} bytes announced`);
    }
    if (this.#end !== null) return Promise.resolve(this.#end === "done" ? null : this.#end);
    if (this.#reader !== null) throw new Error("a body is read by one reader at a time");
    return new Promise((resolve) => {
      this.#reader = resolve;
      this.#source.wantContent(this);
    });
  }

  /** Content from the codec; `bytes` is copied. */
  deliver(bytes: Uint8Array): void {
    if (this.#end !== null) return;
    this.#received += bytes.length;
    if (this.#received > this.#bytesMax) {
      this.fail(new Failure("bodyTooLarge", `more than ${this.#bytesMax} bytes`));
    } else if (this.#reader !== null) this.#give(Buffer.from(bytes));
    else this.#waiting.push(Buffer.from(bytes));
  }

  /** The codec saw the end. */
  finish(): void {
    this.#end ??= "done";
    if (this.#reader !== null) this.#give(this.#end === "done" ? null : this.#end);
  }

  /** There will be no more. What came before is still read first. */
  fail(failure: Failure): void {
    this.#end ??= failure;
    if (this.#reader !== null) this.#give(this.#end === "done" ? null : this.#end);
  }

  #give(piece: Piece): void {
    const reader = this.#reader!;
    this.#reader = null;
    reader(piece);
  }
}

/** The body of a request without, and of what is no request: it has ended, and never changes. */
export const NO_BODY = new PulledBody(0, 0, { wantContent: () => undefined });

/** The body that `head` announces. */
export function bodyOf(
  { contentLength }: { readonly contentLength: number | null },
  bytesMax: number,
  source: BodySource,
): PulledBody {
  return contentLength === 0 ? NO_BODY : new PulledBody(contentLength, bytesMax, source);
}

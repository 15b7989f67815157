// One part of a form, as an app reads it: as it comes, or all of it where it is small.
import type { UnderlyingDefaultSource } from "node:stream/web";
import { GrowingBytes } from "../../../base/growing-bytes.ts";
import { Failure } from "../../../base/failure.ts";
import { AppRefused } from "../app-refused.ts";
import type { PieceTaker } from "../../../http/pour-body.ts";
import type { PartHead } from "../../../protocol/index.ts";
import { knownCharset } from "./charset-field.ts";
import { tooLarge, type FormPull } from "./form-pull.ts";

/**
 * A part of a multipart/form-data body (RFC 7578). Its content is read once, in one of the ways
 * below; what is not read is skipped when the next part is asked for, and gone then.
 *
 * What is wrong with the form, or larger than the bounds, is thrown as `Refused`.
 */
export class Part implements AsyncIterable<Uint8Array> {
  /** The form's field. */
  readonly name: string;
  /**
   * Null: not a file. "": a file input that was left empty. As the client says it: it may be a
   * path, and hold anything; `storage.put` makes a safe name of it.
   */
  readonly filename: string | null;
  /** The Content-Type, as the client says; null where it says none. */
  readonly type: string | null;
  readonly #head: PartHead;
  readonly #form: FormPull;
  #state: "open" | "whole" | "left" = "open";
  #isBegun = false;
  #headers: Headers | null = null;
  #stream: ReadableStream<Uint8Array> | null = null;

  constructor(head: PartHead, form: FormPull) {
    this.name = head.name;
    this.filename = head.filename;
    this.type = head.contentType;
    this.#head = head;
    this.#form = form;
  }

  /** The part's header fields. */
  get headers(): Headers {
    if (this.#headers === null) {
      this.#headers = new Headers();
      for (const [name, value] of this.#head.fields.entries()) this.#headers.append(name, value);
    }
    return this.#headers;
  }

  /** The content as it comes: no more is read from the client than is read from this. */
  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= this.#streamed();
    return this.#stream;
  }

  /** The content as it comes. Who breaks off leaves the rest unread. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    this.#begin();
    for (let bytes = await this.#next(); bytes !== null; bytes = await this.#next()) yield bytes;
  }

  /** All of it, up to the bound `fieldBytes`. */
  async bytes(): Promise<Uint8Array> {
    const { fieldBytes } = this.#form.bounds;
    const content = new GrowingBytes();
    for await (const bytes of this) {
      if (content.length + bytes.length > fieldBytes) throw this.#tooLarge();
      content.add(bytes);
    }
    return Uint8Array.from(content.take());
  }

  /** All of it as text: in its type's charset, else the form's `_charset_`, else UTF-8. */
  async text(): Promise<string> {
    const bytes = await this.bytes();
    const [, said = ""] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(this.type ?? "") ?? [];
    const charset = knownCharset(said) ?? this.#form.charset ?? "utf-8";
    return new TextDecoder(charset).decode(bytes);
  }

  /** All of it as JSON says it; `jsonMalformed` where it is none. */
  async json<T = unknown>(): Promise<T> {
    const text = await this.text();
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new AppRefused(new Failure("jsonMalformed", this.name));
      throw error;
    }
  }

  /** Reads the rest, and forgets it. */
  async discard(): Promise<void> {
    this.#isBegun = true;
    // oxlint-disable-next-line no-await-in-loop -- a piece behind the other
    while (this.#state === "open") await this.#step();
  }

  /** Hands all of `part` to `take`, for whoever stores it: pieces are lent, and large. */
  static pour(part: Part, take: PieceTaker): Promise<Failure | null> {
    return part.#pour(take);
  }

  /** Called when the next part is asked for: what was not read of this one never will be. */
  leave(): void {
    if (this.#state === "open") this.#state = "left";
  }

  #begin(): void {
    if (this.#isBegun) throw new TypeError(`the part ${JSON.stringify(this.name)} was read before`);
    this.#isBegun = true;
  }

  async #pour(take: PieceTaker): Promise<Failure | null> {
    this.#begin();
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- a piece behind the other
      const bytes = await this.#next();
      if (bytes === null) return null;
      // oxlint-disable-next-line no-await-in-loop -- as above
      const failure = (await take(bytes)) ?? (await this.#pourOn(take));
      if (failure !== null) return failure;
    }
  }

  /** By blocks, where all that has come is taken. */
  async #pourOn(take: PieceTaker): Promise<Failure | null> {
    return this.#state === "open" && this.#form.isDrained ? this.#form.pour(take) : null;
  }

  async #next(): Promise<Uint8Array | null> {
    while (this.#state === "open") {
      // oxlint-disable-next-line no-await-in-loop -- a piece behind the other
      const bytes = await this.#step();
      if (bytes !== null) return bytes;
    }
    if (this.#state === "whole") return null;
    throw new TypeError(`the part ${JSON.stringify(this.name)} was left for the next one`);
  }

  /** Some of the content; null where it ended, or more has to come first: `#state` tells. */
  async #step(): Promise<Uint8Array | null> {
    const step = this.#form.step();
    if (step instanceof Uint8Array) {
      if (step.length > 0) return step;
      throw new TypeError("the memory of a part was given away with a piece of it");
    }
    if (step === "end") this.#state = "whole";
    else await this.#form.more();
    return null;
  }

  #streamed(): ReadableStream<Uint8Array> {
    let isBegun = false;
    const source: UnderlyingDefaultSource<Uint8Array> = {
      pull: async (controller) => {
        if (!isBegun) this.#begin();
        isBegun = true;
        const bytes = await this.#next();
        if (bytes === null) controller.close();
        else controller.enqueue(bytes);
      },
    };
    // Nothing is read ahead: a stream that nobody reads takes nothing from the next reader.
    return new ReadableStream(source, { highWaterMark: 0 });
  }

  #tooLarge(): AppRefused {
    const code = this.filename === null ? "fieldsTooLarge" : "fileTooLarge";
    return new AppRefused(tooLarge(code, this.name));
  }
}

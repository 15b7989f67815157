// Looks for CR LF --boundary, over inputs as they come. A delimiter begins with CR, and no boundary
// has one: a try that fails goes on at the byte where it failed, so the search is linear whatever
// comes. Of a delimiter that is cut by an input's end only the length is kept, since its bytes are
// known.
import { CR } from "../characters.ts";

/** A delimiter's CR LF may be the line end before: a head's, or none where the form begins. */
const LINE_END_BYTES = 2;

export class DelimiterSearch {
  readonly #delimiter: Buffer;
  readonly #give: (content: Uint8Array) => void;
  /** How much of a delimiter the last input ended in, and how much of that was no content. */
  #matched = LINE_END_BYTES;
  #matchedBefore = LINE_END_BYTES;
  #found = false;

  /** Stands at the start of a line. `give` is handed what is not delimiter, as it comes. */
  constructor(boundary: string, give: (content: Uint8Array) => void) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
    this.#give = give;
  }

  get found(): boolean {
    return this.#found;
  }

  /** For the next one, at the start of a line. */
  restart(): void {
    this.#found = false;
    this.#matched = LINE_END_BYTES;
    this.#matchedBefore = LINE_END_BYTES;
  }

  /** Goes on at `start`. Returns where it stops: at the end of `bytes`, or when found. */
  feed(bytes: Uint8Array, start: number): number {
    let at = start;
    while (at < bytes.length && !this.#found) {
      at = this.#matched > 0 ? this.#goOn(bytes, at) : this.#search(bytes, at);
    }
    return at;
  }

  #search(bytes: Uint8Array, at: number): number {
    // 0.13 ns a byte at worst, of carriage returns and of delimiters but for their last byte. Below
    // 7 bytes, which is a boundary of one or two, it is memchr for each CR: 6 ns a byte of them.
    const start = Buffer.prototype.indexOf.call(bytes, this.#delimiter, at);
    const contentEnd = start < 0 ? this.#cutStart(bytes, at) : start;
    if (contentEnd > at) this.#give(bytes.subarray(at, contentEnd));
    if (start >= 0) {
      this.#found = true;
      return start + this.#delimiter.length;
    }
    this.#matched = bytes.length - contentEnd;
    this.#matchedBefore = 0;
    return bytes.length;
  }

  /** Where a delimiter begins that goes on behind the end of `bytes`; their end when none does. */
  #cutStart(bytes: Uint8Array, from: number): number {
    const earliest = Math.max(from, bytes.length - this.#delimiter.length + 1);
    for (let at = bytes.length - 1; at >= earliest; at -= 1) {
      if (bytes[at] !== CR) continue;
      const length = bytes.length - at;
      return this.#equalBytes(bytes, at, 0, length) === length ? at : bytes.length;
    }
    return bytes.length;
  }

  #goOn(bytes: Uint8Array, at: number): number {
    const length = Math.min(bytes.length - at, this.#delimiter.length - this.#matched);
    const equal = this.#equalBytes(bytes, at, this.#matched, length);
    this.#matched += equal;
    if (equal < length) {
      const content = this.#delimiter.subarray(this.#matchedBefore, this.#matched);
      this.#matched = 0;
      if (content.length > 0) this.#give(content);
    } else if (this.#matched === this.#delimiter.length) {
      this.#matched = 0;
      this.#found = true;
    }
    return at + equal;
  }

  /** How many of `length` bytes are those that the delimiter has from `from` on. */
  #equalBytes(bytes: Uint8Array, at: number, from: number, length: number): number {
    let equal = 0;
    while (equal < length && bytes[at + equal] === this.#delimiter[from + equal]) equal += 1;
    return equal;
  }
}

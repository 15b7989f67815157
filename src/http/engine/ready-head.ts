// The head of an answer that is given again and again (a file's, a route's constant one): bytes, of
// which only the Date differs from second to second. To make a head costs 1.5 µs, to copy it 0.02.
const DATE = "\r\nDate: ";

export class ReadyHead {
  readonly #bytes: Buffer;
  readonly #dateStart: number;
  #date: string;

  /** `text` is a head whose Date is `date`. */
  constructor(text: string, date: string) {
    this.#bytes = Buffer.from(text, "latin1");
    this.#dateStart = text.indexOf(DATE) + DATE.length;
    this.#date = date;
  }

  /** The head with `date`, to be copied at once: the next call changes it. */
  bytesAt(date: string): Uint8Array {
    if (date !== this.#date) {
      this.#bytes.write(date, this.#dateStart, "latin1");
      this.#date = date;
    }
    return this.#bytes;
  }
}

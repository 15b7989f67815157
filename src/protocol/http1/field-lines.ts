// Fields as offsets into the head's text: nothing is cut out, lowered or mapped until it is asked
// for.
import { LOWER } from "../characters.ts";
import type { Fields } from "../fields.ts";

/** Numbers a field line: where its name starts and ends, where its value starts and ends. */
export const MARKS_PER_LINE = 4;

export class FieldLines implements Fields {
  readonly #text: string;
  readonly #marks: readonly number[];
  /** A bit for each length that a name has: what most requests lack is not compared (0.4 µs). */
  readonly #lengths: number;

  /** `marks` has MARKS_PER_LINE offsets into `text` for each line. */
  constructor(text: string, marks: readonly number[]) {
    this.#text = text;
    this.#marks = marks;
    let lengths = 0;
    for (let line = 0; line < marks.length; line += MARKS_PER_LINE) {
      lengths |= 1 << (marks[line + 1]! - marks[line]!); // modulo 32
    }
    this.#lengths = lengths;
  }

  get(name: string): string | null {
    if ((this.#lengths & (1 << name.length)) === 0) return null;
    let found: string | null = null;
    for (let line = 0; line < this.#marks.length; line += MARKS_PER_LINE) {
      if (!this.#isNamed(line, name)) continue;
      found = found === null ? this.#value(line) : `${found}, ${this.#value(line)}`;
    }
    return found;
  }

  has(name: string): boolean {
    if ((this.#lengths & (1 << name.length)) === 0) return false;
    for (let line = 0; line < this.#marks.length; line += MARKS_PER_LINE) {
      if (this.#isNamed(line, name)) return true;
    }
    return false;
  }

  all(name: string): string[] {
    const values: string[] = [];
    for (let line = 0; line < this.#marks.length; line += MARKS_PER_LINE) {
      if (this.#isNamed(line, name)) values.push(this.#value(line));
    }
    return values;
  }

  *entries(): IterableIterator<[name: string, value: string]> {
    for (let line = 0; line < this.#marks.length; line += MARKS_PER_LINE) {
      const name = this.#text.slice(this.#marks[line], this.#marks[line + 1]);
      yield [name, this.#value(line)];
    }
  }

  #isNamed(line: number, name: string): boolean {
    const start = this.#marks[line]!;
    if (this.#marks[line + 1]! - start !== name.length) return false;
    for (let at = 0; at < name.length; at += 1) {
      if (LOWER[this.#text.charCodeAt(start + at)] !== name.charCodeAt(at)) return false;
    }
    return true;
  }

  #value(line: number): string {
    return this.#text.slice(this.#marks[line + 2], this.#marks[line + 3]);
  }
}

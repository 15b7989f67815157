// Byte ranges (RFC 9110 §14): `bytes=0-9, 500-, -10` of a size becomes what to send. Ranges that
// overlap or touch become one; more than a few, or more than the whole in sum, are not worth it, and
// the whole is sent instead: a client that asks for a thousand pieces wants to hurt (§14.2, §17.15).

const RANGES_MAX = 32;
const SPEC = /^(\d*)-(\d*)$/;

/** `length` bytes from `offset`; never empty, always inside. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Null: the field is to be ignored, and the whole sent. */
export function parseRange(value: string, size: number): ByteRange[] | "unsatisfiable" | null {
  const list = /^bytes[ \t]*=(.*)$/is.exec(value)?.[1];
  if (list === undefined) return null;
  const specs = list.split(",").map((spec) => spec.trim());
  const given = specs.filter((spec) => spec !== "");
  if (given.length === 0 || given.length > RANGES_MAX) return null;
  const ranges: ByteRange[] = [];
  for (const spec of given) {
    const range = rangeOf(spec, size);
    if (range === null) return null;
    if (range !== "outside") ranges.push(range);
  }
  if (ranges.length === 0) return "unsatisfiable";
  if (ranges.length === 1) return ranges;
  const joined = joinedRanges(ranges);
  const total = joined.reduce((sum, { length }) => sum + length, 0);
  return total === size && joined.length > 1 ? null : joined;
}

/** Null where the text is no range. Numbers too large to be exact are beyond any file's end. */
function rangeOf(spec: string, size: number): ByteRange | "outside" | null {
  const [, first = "", last = ""] = SPEC.exec(spec) ?? [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "outside" : { offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== "" && Number(last) < offset) return null;
  if (offset >= size) return "outside";
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return { offset, length: end - offset + 1 };
}

/** In the client's order, but for those that had to become one. */
function joinedRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const byOffset = ranges.toSorted((a, b) => a.offset - b.offset);
  const joined: ByteRange[] = [];
  for (const range of byOffset) {
    const before = joined.at(-1);
    if (before === undefined || range.offset > before.offset + before.length) joined.push(range);
    else {
      const end = Math.max(before.offset + before.length, range.offset + range.length);
      joined[joined.length - 1] = { offset: before.offset, length: end - before.offset };
    }
  }
  return joined.length === ranges.length ? [...ranges] : joined;
}

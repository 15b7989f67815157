// Byte ranges (RFC 9110 §14): `bytes=0-9, 500-, -10` of a size becomes what to send. Ranges that
// overlap or touch become one, so that no byte is sent twice. Who asks for more than a few pieces
// gets the whole instead: a client that wants a thousand of them wants to hurt (§14.2, §17.15).

const RANGES_MAX = 32;
const SPEC = /^[ \t]*(\d*)-(\d*)[ \t]*$/;

/** `length` bytes from `offset`; never empty, always inside. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Null: the field is to be ignored, and the whole sent. */
export function parseRange(value: string, size: number): ByteRange[] | "unsatisfiable" | null {
  const list = /^bytes=(.*)$/is.exec(value)?.[1];
  if (list === undefined) return null;
  const given = list.split(",").filter((spec) => !/^[ \t]*$/.test(spec));
  if (given.length === 0 || given.length > RANGES_MAX) return null;
  const ranges: ByteRange[] = [];
  for (const spec of given) {
    const range = rangeOf(spec, size);
    if (range === null) return null;
    if (range !== "outside") ranges.push(range);
  }
  return ranges.length === 0 ? "unsatisfiable" : joinedRanges(ranges);
}

/**
 * Null where the text is no range, or one that no Content-Range can name: the end of an empty file.
 * Numbers too large to be exact are beyond any file's end.
 */
function rangeOf(spec: string, size: number): ByteRange | "outside" | null {
  const [, first = "", last = ""] = SPEC.exec(spec) ?? [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const length = Math.min(Number(last), size);
    if (length > 0) return { offset: size - length, length };
    return Number(last) === 0 ? "outside" : null;
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

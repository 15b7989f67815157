// Requests that went wrong: what a case of the corpus sends, with a few bytes, lines or words that
// are not where they were. The same Random makes the same bytes.
import type { Random } from "./random.ts";
import { FIELD_NAMES, TARGET_TOKENS, TOKENS, VALUE_TOKENS } from "./tokens.ts";

type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const ANYWHERE: readonly Mutation[] = [
  function flipBits(bytes, random) {
    const changed = Buffer.from(bytes);
    for (let count = 1 + random.below(4); count > 0; count -= 1) {
      const at = random.below(bytes.length);
      changed[at] = changed[at]! ^ (1 << random.below(8));
    }
    return changed;
  },
  function insertByte(bytes, random) {
    return spliced(bytes, random.below(bytes.length + 1), 0, Buffer.of(random.below(256)));
  },
  function insertToken(bytes, random) {
    return spliced(bytes, random.below(bytes.length + 1), 0, random.pick(TOKENS));
  },
  function overwriteByToken(bytes, random) {
    const token = random.pick(TOKENS);
    return spliced(bytes, random.below(bytes.length), token.length, token);
  },
  function removeRange(bytes, random) {
    return spliced(bytes, random.below(bytes.length), 1 + random.below(12), NOTHING);
  },
  function doubleRange(bytes, random) {
    const at = random.below(bytes.length);
    const range = bytes.subarray(at, at + 1 + random.below(64));
    return spliced(bytes, at, 0, range);
  },
  function doubleLine(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    return spliced(bytes, random.pick([start, end]), 0, bytes.subarray(start, end));
  },
  function removeLine(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    return spliced(bytes, start, end - start, NOTHING);
  },
  function changeNumber(bytes, random) {
    const text = bytes.toString("latin1");
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: digits } = random.pick(numbers);
    return spliced(bytes, index, digits.length, random.pick(TOKENS));
  },
  function changeCase(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    const line = bytes.toString("latin1", start, end);
    const changed = random.pick([line.toUpperCase(), line.toLowerCase()]);
    return spliced(bytes, start, end - start, Buffer.from(changed, "latin1"));
  },
  function joinWithOther(bytes, random, others) {
    const other = random.pick(others);
    const head = bytes.subarray(0, random.below(bytes.length + 1));
    return Buffer.concat([head, other.subarray(random.below(other.length))]);
  },
  function cutShort(bytes, random) {
    return bytes.subarray(0, 1 + random.below(bytes.length));
  },
];

/** Those that most often leave a request which is read: what comes behind the parser has work. */
const IN_PLACE: readonly Mutation[] = [
  function changeTarget(bytes, random) {
    const start = bytes.indexOf(" ") + 1;
    const end = bytes.indexOf(" ", start);
    if (end < 0) return bytes;
    return spliced(bytes, within(start, end, random), random.below(3), random.pick(TARGET_TOKENS));
  },
  function changeValue(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    const colon = bytes.indexOf(":", start);
    if (colon < 0 || colon >= end) return bytes;
    const at = within(colon + 1, Math.max(colon + 1, end - 2), random);
    return spliced(
      bytes,
      at,
      Math.min(random.below(4), Math.max(0, end - 2 - at)),
      random.pick(VALUE_TOKENS),
    );
  },
  function addField(bytes, random) {
    const lineEnd = bytes.indexOf("\r\n");
    if (lineEnd < 0) return bytes;
    const name = random.pick(FIELD_NAMES);
    const value = Buffer.concat([random.pick(VALUE_TOKENS), random.pick(VALUE_TOKENS)]);
    return spliced(bytes, lineEnd + 2, 0, Buffer.concat([Buffer.from(`${name}: `), value, CRLF]));
  },
];

const CRLF = Buffer.from("\r\n");
const BYTES_MAX = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** One of `seeds`, mutated. Never empty. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  let bytes = random.pick(seeds);
  const mutations = random.pick([ANYWHERE, IN_PLACE]);
  do {
    const changed = random.pick(mutations)(bytes, random, seeds);
    if (changed.length > 0) bytes = changed.subarray(0, BYTES_MAX);
  } while (random.below(2) > 0);
  return bytes;
}

function spliced(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

function within(start: number, end: number, random: Random): number {
  return start + random.below(end - start + 1);
}

/** The line round `at`, with its end. */
function lineAt(bytes: Buffer, at: number): { start: number; end: number } {
  const start = at === 0 ? 0 : bytes.lastIndexOf("\n", at - 1) + 1;
  const end = bytes.indexOf("\n", at);
  return { start, end: end < 0 ? bytes.length : end + 1 };
}

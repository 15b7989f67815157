import assert from "node:assert/strict";
import { test } from "node:test";
import { ComplaintLines } from "./complaints.ts";

/** The lines of `text`, which comes in pieces of `pieceBytes`. */
function linesOf(text: string | Uint8Array, pieceBytes = Infinity): string[] {
  const told: string[] = [];
  const lines = new ComplaintLines((line) => told.push(line));
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes)));
    lines.feed(piece);
    piece.fill(0); // it is another's from now on
  }
  lines.end();
  return told;
}

const CASES: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  ["lines end at LF", "a\nb\n", ["a", "b"]],
  ["a last line needs no end", "a\nb", ["a", "b"]],
  ["CR LF is one end", "a\r\nb\r\n", ["a", "b"]],
  ["empty lines are no complaints", "\n\n \r\na\n\n", ["a"]],
  ["nothing is no line", "", []],
  ["letters are whole, however they are cut", "äöü€😀\n", ["äöü€😀"]],
  ["bytes that are no text are replaced", Buffer.from([0x61, 0xff, 0x62, 10]), ["a\ufffdb"]],
  [
    "a long line is cut, and the next is whole",
    `${"x".repeat(9000)}\nb\n`,
    ["x".repeat(4096), "b"],
  ],
];

for (const [what, text, expected] of CASES) {
  test(what, () => {
    for (const pieceBytes of [Infinity, 1, 2, 3, 4095, 4096, 4097]) {
      assert.deepEqual(linesOf(text, pieceBytes), expected, `in pieces of ${pieceBytes}`);
    }
  });
}

test("behind 64 KiB nothing is told but that there is more", () => {
  const told = linesOf(`${"y".repeat(1023)}\n`.repeat(3000), 5000);
  assert.equal(told.length, 66);
  assert.equal(told.at(-1), "it writes more to standard error, which is left out");
  assert.ok(told.slice(0, -1).every((line) => line.length === 1023));
});

test("what is cut off a line does not count to that bound", () => {
  assert.equal(linesOf(`${"z".repeat(100_000)}\n`.repeat(3), 4096).length, 3);
});

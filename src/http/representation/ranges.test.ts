import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseRange } from "./ranges.ts";

/** What comes of `value`, as "offset+length …". */
function read(value: string, size: number): string {
  const ranges = parseRange(value, size);
  if (ranges === null) return "whole";
  if (ranges === "unsatisfiable") return ranges;
  return ranges.map(({ offset, length }) => `${offset}+${length}`).join(" ");
}

const HUGE = "9".repeat(400);

const ROWS: readonly [value: string, size: number, outcome: string][] = [
  ["bytes=0-0", 10, "0+1"],
  ["bytes=0-9", 10, "0+10"],
  ["bytes=2-5", 10, "2+4"],
  ["bytes=5-", 10, "5+5"],
  ["bytes=-3", 10, "7+3"],
  ["bytes=-10", 10, "0+10"],
  ["bytes=-11", 10, "0+10"],
  ["bytes=9-10", 10, "9+1"],
  ["bytes=0-99999999999999999999", 10, "0+10"],
  [`bytes=3-${HUGE}`, 10, "3+7"],
  [`bytes=-${HUGE}`, 10, "0+10"],
  ["BYTES=1-2", 10, "1+2"],
  ["bytes= 1-2 ", 10, "1+2"],
  ["bytes=,1-2,,", 10, "1+2"],
  ["bytes=0-5000000000", 6_000_000_000, "0+5000000001"],
  // several
  ["bytes=0-1,4-5", 10, "0+2 4+2"],
  ["bytes=8-9,0-1", 10, "8+2 0+2"],
  ["bytes=0-1\t,\t-1", 10, "0+2 9+1"],
  ["bytes=0-1,20-30", 10, "0+2"],
  ["bytes=20-30,-0,0-1", 10, "0+2"],
  // those that overlap or touch become one
  ["bytes=0-4,2-6", 10, "0+7"],
  ["bytes=0-4,5-6", 10, "0+7"],
  ["bytes=5-6,0-4", 10, "0+7"],
  ["bytes=0-9,3-4,0-0", 10, "0+10"],
  ["bytes=8-9,0-1,1-2", 10, "0+3 8+2"],
  ["bytes=0-,0-,0-,0-", 10, "0+10"],
  // nothing of it is there
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=10-20", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  ["bytes=0-0", 0, "unsatisfiable"],
  ["bytes=0-", 0, "unsatisfiable"],
  ["bytes=-0", 0, "unsatisfiable"],
  [`bytes=${HUGE}-`, 10, "unsatisfiable"],
  ["bytes=10-,-0,50-60", 10, "unsatisfiable"],
  // ignored
  ["bytes=-5", 0, "whole"],
  ["bytes=", 10, "whole"],
  ["bytes=,", 10, "whole"],
  ["bytes", 10, "whole"],
  ["", 10, "whole"],
  ["bytes=-", 10, "whole"],
  ["bytes=a-b", 10, "whole"],
  ["bytes=1", 10, "whole"],
  ["bytes=5-2", 10, "whole"],
  ["bytes=0-1,5-2", 10, "whole"],
  ["bytes=0-1,x", 10, "whole"],
  ["bytes=0-1;4-5", 10, "whole"],
  ["bytes=+1-2", 10, "whole"],
  ["bytes=1.5-2", 10, "whole"],
  ["bytes=0x1-2", 10, "whole"],
  ["bytes=1 - 2", 10, "whole"],
  ["bytes=--1", 10, "whole"],
  ["bytes=1--2", 10, "whole"],
  ["bytes =0-1", 10, "whole"],
  ["bytes: 0-1", 10, "whole"],
  [" bytes=0-1", 10, "whole"],
  ["items=0-1", 10, "whole"],
  ["bytes=0-1\xa0", 10, "whole"],
  ["bytes=0-1, bytes=4-5", 10, "whole"],
];
for (const [value, size, outcome] of ROWS) {
  test(`${value.slice(0, 40)} of ${size} bytes: ${outcome}`, () => {
    assert.equal(read(value, size), outcome);
  });
}

test("32 ranges are answered, one more is not worth it", () => {
  const specs = Array.from({ length: 33 }, (_, at) => `${at * 10}-${at * 10 + 1}`);
  assert.equal(read(`bytes=${specs.slice(1).join(",")}`, 1000).split(" ").length, 32);
  assert.equal(read(`bytes=${specs.join(",")}`, 1000), "whole");
});

const number = fc.oneof(fc.nat(30), fc.nat(), fc.constant(""), fc.constant(Number.MAX_VALUE));
const spec = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(number, number).map(([a, b]) => `${a}-${b}`) },
  { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
);

test("ranges lie inside, are not empty, and never overlap, whatever is asked for", () => {
  fc.assert(
    fc.property(fc.array(spec, { maxLength: 8 }), fc.nat(40), (specs, size) => {
      const ranges = parseRange(`bytes=${specs.join(",")}`, size);
      if (ranges === null || ranges === "unsatisfiable") return;
      const sorted = ranges.toSorted((a, b) => a.offset - b.offset);
      let end = -1;
      for (const { offset, length } of sorted) {
        assert.ok(offset > end && length > 0 && offset + length <= size);
        end = offset + length - 1;
      }
    }),
    { numRuns: 2000 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatHttpDate, parseHttpDate } from "./http-date.ts";

const NOW = Date.UTC(2026, 5, 15);
const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);

const DATES: readonly [text: string, ms: number][] = [
  ["Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE],
  ["Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE],
  ["Sun Nov  6 08:49:37 1994", EXAMPLE],
  ["Sun Nov 16 08:49:37 1994", EXAMPLE + 10 * 86_400_000],
  ["Thu, 29 Feb 2024 00:00:00 GMT", Date.UTC(2024, 1, 29)],
  ["Sat, 31 Dec 2016 23:59:60 GMT", Date.UTC(2017, 0, 1)], // a leap second
  ["Monday, 15-Jun-76 00:00:00 GMT", Date.UTC(2076, 5, 15)], // 50 years ahead to the day
  ["Tuesday, 16-Jun-76 00:00:00 GMT", Date.UTC(1976, 5, 16)],
  ["Friday, 01-Jan-99 00:00:00 GMT", Date.UTC(1999, 0, 1)],
  ["Wed, 01 Jan 0050 00:00:00 GMT", Date.parse("0050-01-01T00:00:00Z")],
];
for (const [text, ms] of DATES) {
  test(`${text} is a date`, () => assert.equal(parseHttpDate(text, NOW), ms));
}

const NO_DATES = [
  "",
  "0",
  "784111777",
  "1994-11-06T08:49:37Z",
  "Sun, 06 Nov 1994 08:49:37",
  "Sun, 06 Nov 1994 08:49:37 UTC",
  "Sun, 06 Nov 1994 08:49:37 +0000",
  "sun, 06 Nov 1994 08:49:37 GMT",
  "Sun, 06 nov 1994 08:49:37 GMT",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 94 08:49:37 GMT",
  "Sun, 00 Nov 1994 08:49:37 GMT",
  "Sun, 31 Nov 1994 08:49:37 GMT",
  "Sun, 29 Feb 2023 08:49:37 GMT",
  "Sun, 06 Nov 1994 24:00:00 GMT",
  "Sun, 06 Nov 1994 08:60:00 GMT",
  "Sun, 06 Nov 1994 08:49:61 GMT",
  "Sun, 06 Foo 1994 08:49:37 GMT",
  "Xyz, 06 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
  " Sun, 06 Nov 1994 08:49:37 GMT",
  "Sun, 06-Nov-94 08:49:37 GMT",
  "Sunday, 06-Nov-1994 08:49:37 GMT",
  "Sunday, 31-Feb-94 08:49:37 GMT",
  "Sun Nov 6 08:49:37 1994",
  "Sun Nov 06 08:49:37 1994 GMT",
];
for (const text of NO_DATES) {
  test(`${JSON.stringify(text)} is no date`, () => assert.equal(parseHttpDate(text, NOW), null));
}

test("what is written is read back, to the second", () => {
  fc.assert(
    fc.property(fc.integer({ min: -6e13, max: 2.5e14 }), (ms) => {
      assert.equal(parseHttpDate(formatHttpDate(ms), NOW), Math.floor(ms / 1000) * 1000);
    }),
    { numRuns: 300 },
  );
});

test("a date that was read before is read alike, a wrong one too", () => {
  const good = "Sun, 06 Nov 1994 08:49:37 GMT";
  const bad = "Sun, 31 Feb 1994 08:49:37 GMT";
  for (let round = 0; round < 2; round += 1) {
    for (let again = 0; again < 2; again += 1) {
      assert.equal(parseHttpDate(good, 0), Date.UTC(1994, 10, 6, 8, 49, 37));
    }
    for (let again = 0; again < 2; again += 1) assert.equal(parseHttpDate(bad, 0), null);
    assert.equal(parseHttpDate("", 0), null);
  }
});

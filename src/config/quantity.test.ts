import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DURATION_UNITS, parseQuantity, quantityPattern, SIZE_UNITS } from "./quantity.ts";

const SIZES: [string, ReturnType<typeof parseQuantity>][] = [
  ["0 B", 0],
  ["64 KiB", 65_536],
  ["64KiB", 65_536],
  ["10 MB", 10_000_000],
  ["1.5 GiB", 1_610_612_736],
  ["1.1 MB", 1_100_000],
  ["0.5 B", "fractional"],
  ["0.1 KiB", "fractional"],
  ["9000000 TB", "tooLarge"],
  ["99999999999999999999 B", "tooLarge"],
  ["999999999999999999999 B", "malformed"],
  ["1 GX", "malformed"],
  ["1 kib", "malformed"],
  ["64", "malformed"],
  ["KiB", "malformed"],
  ["", "malformed"],
  ["-1 KiB", "malformed"],
  ["+1 KiB", "malformed"],
  ["1e3 B", "malformed"],
  [".5 KiB", "malformed"],
  ["1. KiB", "malformed"],
  ["1  KiB", "malformed"],
  [" 1 KiB", "malformed"],
  ["1 KiB\n", "malformed"],
  ["1,5 GiB", "malformed"],
  ["1 constructor", "malformed"],
  ["１ KiB", "malformed"],
];
for (const [text, expected] of SIZES) {
  test(`the size ${JSON.stringify(text)} is ${expected}`, () => {
    assert.equal(parseQuantity(text, SIZE_UNITS), expected);
  });
}

const DURATIONS: [string, ReturnType<typeof parseQuantity>][] = [
  ["500ms", 500],
  ["30s", 30_000],
  ["1.5s", 1500],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["30d", 2_592_000_000],
  ["0.0001s", "fractional"],
  ["30", "malformed"],
  ["ten", "malformed"],
  ["5S", "malformed"],
  ["5 sec", "malformed"],
  ["1h30m", "malformed"],
];
for (const [text, expected] of DURATIONS) {
  test(`the duration ${JSON.stringify(text)} is ${expected}`, () => {
    assert.equal(parseQuantity(text, DURATION_UNITS), expected);
  });
}

test("JSON Schema's pattern takes what is of the form, and nothing else", () => {
  const pattern = new RegExp(quantityPattern(SIZE_UNITS));
  const pieces = fc.constantFrom("0", "17", ".", "5", " ", "KiB", "KB", "B", "x", "-", "\n");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
      const text = parts.join("");
      assert.equal(pattern.test(text), parseQuantity(text, SIZE_UNITS) !== "malformed", text);
    }),
  );
});

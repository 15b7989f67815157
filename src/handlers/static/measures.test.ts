import assert from "node:assert/strict";
import { test } from "node:test";
import { isoText, sizeText, timeText } from "./measures.ts";

for (const [bytes, expected] of [
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [10_188, "9.9 KiB"],
  [10_239, "10 KiB"],
  [1_048_000, "1023 KiB"],
  [1_048_575, "1.0 MiB"],
  [5_000_000_000, "4.7 GiB"],
  [2 ** 62, "4096 PiB"],
] as const) {
  test(`${bytes} bytes are ${expected}`, () => {
    assert.equal(sizeText(bytes), expected);
  });
}

test("a time is written in UTC, to the minute for people and to the second for programs", () => {
  assert.equal(timeText(isoText(1_704_164_645_999)), "2024-01-02 03:04");
  assert.equal(isoText(1_704_164_645_999), "2024-01-02T03:04:05Z");
});

for (const ms of [Number.NaN, 9e15, -9e15, Number.POSITIVE_INFINITY]) {
  test(`a time of ${ms} ms, which no date holds, is 1970`, () => {
    assert.equal(isoText(ms), "1970-01-01T00:00:00Z");
  });
}

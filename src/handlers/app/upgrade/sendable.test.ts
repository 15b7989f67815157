import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClose, sendable, type Sendable } from "./sendable.ts";

const BYTES = Uint8Array.of(1, 2, 3, 4);
for (const [name, data, expected] of [
  ["text", "text", "text"],
  ["no text", "", ""],
  ["an ArrayBuffer", BYTES.buffer, Buffer.from(BYTES)],
  ["a view of a part", BYTES.subarray(1, 3), Buffer.of(2, 3)],
  ["a view of words", new Uint16Array(BYTES.buffer, 2, 1), Buffer.of(3, 4)],
  ["a DataView", new DataView(BYTES.buffer, 3), Buffer.of(4)],
] as const) {
  test(`${name} can be sent`, () => assert.deepEqual(sendable(data), expected));
}

for (const data of [undefined, null, 7, {}, [1], new Blob(["x"])] as unknown[]) {
  test(`${JSON.stringify(data)} can't be sent`, () => {
    assert.throws(() => sendable(data as Sendable), TypeError);
  });
}

for (const code of [undefined, 1000, 3000, 4999]) {
  test(`an app may close with ${code}`, () => checkClose(code, "x".repeat(123)));
}

for (const code of [0, 999, 1001, 1005, 1006, 1011, 2999, 5000, 3000.5, Number.NaN, "1000"]) {
  test(`an app may not close with ${JSON.stringify(code)}`, () => {
    assert.throws(() => checkClose(code as number, ""), { name: "InvalidAccessError" });
  });
}

test("a reason is 123 bytes at most, not characters", () => {
  assert.throws(() => checkClose(1000, "ü".repeat(62)), { name: "SyntaxError" });
});

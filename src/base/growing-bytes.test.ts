import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingBytes } from "./growing-bytes.ts";

test("pieces of any size come out as one, in order", () => {
  const bytes = new GrowingBytes();
  const pieces = ["a", "", "bc", "d".repeat(5000), "e"];
  for (const piece of pieces) bytes.add(Buffer.from(piece));
  assert.equal(bytes.length, 5004);
  assert.equal(bytes.take().toString(), pieces.join(""));
});

test("what was taken stays as it is, and nothing of it comes again", () => {
  const bytes = new GrowingBytes();
  assert.equal(bytes.take().length, 0);
  const piece = Buffer.from("first");
  bytes.add(piece);
  piece.fill(0);
  const first = bytes.take();
  assert.equal(bytes.length, 0);
  bytes.add(Buffer.from("other"));
  assert.equal(first.toString(), "first");
  assert.equal(bytes.take().toString(), "other");
});

test("a byte costs little more than a byte, however it comes", () => {
  const bytes = new GrowingBytes();
  const one = Buffer.from("x");
  const before = process.memoryUsage();
  for (let count = 0; count < 2 ** 20; count += 1) bytes.add(one);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  assert.equal(bytes.length, 2 ** 20);
  assert.ok(heapUsed - before.heapUsed + arrayBuffers - before.arrayBuffers < 16 * 2 ** 20);
});

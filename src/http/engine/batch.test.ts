import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Batch, Staging } from "./batch.ts";

const COPIED_MAX = 64 * 1024;

function taken(batch: Batch): string {
  return Buffer.from(batch.take()).toString("latin1");
}

test("what was added leaves in order, as one piece", () => {
  const batch = new Batch(new Staging());
  batch.addText("a\xe9");
  batch.add(Buffer.from("b"));
  batch.add(Buffer.alloc(COPIED_MAX + 1, "c"));
  batch.addLent(Buffer.from("d"));
  batch.addText("e");
  assert.equal(batch.length, COPIED_MAX + 6);
  assert.equal(taken(batch), `a\xe9b${"c".repeat(COPIED_MAX + 1)}de`);
  assert.equal(batch.length, 0);
});

test("room is used again only where all was sent", () => {
  const staging = new Staging();
  const batch = new Batch(staging);
  batch.addText("first");
  const unsent = batch.take();
  batch.settle(false);
  batch.addText("other");
  const sent = batch.take();
  batch.settle(true);
  batch.addText("third");
  assert.equal(Buffer.from(unsent).toString(), "first");
  assert.equal(Buffer.from(sent).toString(), "third");
  assert.equal(taken(batch), "third");
});

test("connections that fill the block by turns do not see each other's bytes", () => {
  const staging = new Staging();
  const [one, other] = [new Batch(staging), new Batch(staging)];
  one.addText("a1");
  other.addText("b1");
  one.addText("a2");
  other.addText("b2");
  assert.equal(taken(one), "a1a2");
  one.settle(true);
  assert.equal(taken(other), "b1b2");
  other.settle(true);
  one.addText("a3");
  assert.equal(taken(one), "a3");
});

test("what is sent does not give back room behind which another's bytes lie", () => {
  const staging = new Staging();
  const [one, other] = [new Batch(staging), new Batch(staging)];
  one.addText("one");
  other.addText("other");
  one.take();
  one.settle(true);
  one.addText("three");
  assert.equal(taken(other), "other");
});

test("what is dropped leaves nothing behind, and its room is free", () => {
  const staging = new Staging();
  const [gone, stays] = [new Batch(staging), new Batch(staging)];
  gone.addText("gone");
  gone.add(Buffer.alloc(COPIED_MAX + 1));
  gone.clear();
  assert.equal(gone.length, 0);
  gone.addText("x");
  stays.addText("stays");
  assert.equal(taken(gone), "x");
  assert.equal(taken(stays), "stays");
});

test("a block that is full is left to those whose bytes lie in it", () => {
  const staging = new Staging();
  const [slow, quick] = [new Batch(staging), new Batch(staging)];
  slow.addText("slow");
  const waiting = slow.take();
  slow.settle(false);
  for (let round = 0; round < 10; round += 1) {
    quick.add(Buffer.alloc(COPIED_MAX, `${round}`));
    const bytes = quick.take();
    assert.equal(bytes.length, COPIED_MAX);
    assert.equal(bytes[COPIED_MAX - 1], 0x30 + round);
    quick.settle(false);
  }
  assert.equal(Buffer.from(waiting).toString(), "slow");
});

test("a head beyond a block's size is whole", () => {
  const batch = new Batch(new Staging());
  batch.addText("a");
  batch.addText("b".repeat(300_000));
  assert.equal(taken(batch), `a${"b".repeat(300_000)}`);
});

test("a full block is not kept by those who have nothing in it", async () => {
  const staging = new Staging();
  const idle = new Batch(staging);
  idle.addText("answer");
  idle.take();
  idle.settle(true);
  const block = new WeakRef(staging.block);
  staging.end = staging.block.length;
  staging.claim(1);
  staging.view(staging.block, 0, 1);
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  assert.ok(block.deref() === undefined); // compared by `equal` it would be printed
  assert.equal(idle.length, 0);
});

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

for (const [name, text] of [
  ["ASCII", "plain"],
  ["UTF-8", "h\u00e9llo \u2603 \ud83d\ude00"],
  ["half a character", "a\ud800b"],
  ["nothing", ""],
  ["much ASCII", "a".repeat(COPIED_MAX + 1)],
  ["much UTF-8", "\u00e9".repeat(COPIED_MAX)],
] as const) {
  test(`text that is ${name} leaves as UTF-8, in its place`, () => {
    const batch = new Batch(new Staging());
    const bytes = Buffer.byteLength(text);
    batch.addText("<");
    batch.addUtf8(text, bytes);
    batch.addText(">");
    assert.equal(batch.length, bytes + 2);
    assert.equal(Buffer.from(batch.take()).toString(), `<${Buffer.from(text).toString()}>`);
  });
}

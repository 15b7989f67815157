import assert from "node:assert/strict";
import { test } from "node:test";
import { OutputPieces } from "./output-pieces.ts";

function piecesWith(): { pieces: OutputPieces; calls: string[] } {
  const calls: string[] = [];
  const source = { resume: () => void calls.push("resume"), leave: () => void calls.push("leave") };
  return { pieces: new OutputPieces(source), calls };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

async function textOf(pieces: OutputPieces): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += Buffer.from(piece).toString();
  return text;
}

test("pieces come in order, before and behind who waits for them", async () => {
  const { pieces, calls } = piecesWith();
  assert.equal(pieces.add(bytes("one ")), true);
  assert.equal(pieces.add(bytes("two ")), true);
  const text = textOf(pieces);
  await new Promise(setImmediate);
  pieces.add(bytes("three"));
  pieces.end("whole");
  assert.equal(await text, "one two three");
  assert.deepEqual(calls, []);
});

test("a piece is a copy", async () => {
  const { pieces } = piecesWith();
  const piece = Buffer.from("same");
  pieces.add(piece);
  piece.fill("x");
  pieces.end("whole");
  assert.equal(await textOf(pieces), "same");
});

test("what a slow reader leaves is bounded, and more comes once it reads", async () => {
  const { pieces, calls } = piecesWith();
  const block = Buffer.alloc(32 * 1024);
  let added = 0;
  while (pieces.add(block)) added += 1;
  assert.equal(added, 3, "the fourth fills 128 KiB");
  await pieces.next();
  assert.deepEqual(calls, []);
  await pieces.next();
  await pieces.next();
  assert.deepEqual(calls, ["resume"], "once, at half of it");
  assert.equal(pieces.add(block), true);
});

test("bytes that come one by one wait as few pieces, in order", async () => {
  const { pieces } = piecesWith();
  let added = "";
  let hasRoom = true;
  for (let at = 0; hasRoom; at += 1) {
    const digit = String(at % 10);
    added += digit;
    hasRoom = pieces.add(bytes(digit));
  }
  pieces.end("whole");
  let text = "";
  let count = 0;
  for await (const piece of pieces) {
    text += Buffer.from(piece).toString();
    count += 1;
  }
  assert.ok(text === added, `${text.length} of ${added.length} bytes, or others`);
  assert.ok(count <= 65, `${count} pieces`);
});

test("an error comes behind what came before it", async () => {
  const { pieces } = piecesWith();
  pieces.add(bytes("part"));
  pieces.end(new Error("broken"));
  pieces.end("whole"); // too late
  assert.equal((await pieces.next()).done, false);
  await assert.rejects(pieces.next(), /broken/);
});

test("an error reaches a reader that waits", async () => {
  const { pieces } = piecesWith();
  const next = pieces.next();
  pieces.end(new Error("broken"));
  await assert.rejects(next, /broken/);
});

test("a reader that leaves says so once, and what comes then is dropped", async () => {
  const { pieces, calls } = piecesWith();
  pieces.add(bytes("unread"));
  await pieces.return();
  await pieces.return();
  assert.deepEqual(calls, ["leave"]);
  for (let n = 0; n < 10; n += 1) assert.equal(pieces.add(Buffer.alloc(64 * 1024)), true);
  assert.deepEqual(await pieces.next(), { done: true, value: undefined });
});

test("a reader that leaves behind the end asks nobody", async () => {
  const { pieces, calls } = piecesWith();
  pieces.end("whole");
  await pieces.return();
  assert.deepEqual(calls, []);
});

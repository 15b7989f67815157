import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { nativeSha256, storageWays } from "../native.ts";
import { sha256 } from "./sha256.ts";

const SIZES = [0, 1, 65_535, 65_536, 300_000, 10, 2_000_000, 3];

async function digestOf(pieces: readonly Uint8Array[], waits: boolean): Promise<string> {
  const hash = sha256();
  const underWay: Promise<void>[] = [];
  for (const piece of pieces) {
    const done = hash.update(piece);
    if (waits) await done;
    if (done !== null) underWay.push(done);
  }
  await Promise.all(underWay);
  return Buffer.from(hash.digest()).toString("hex");
}

for (const isNative of [true, false]) {
  for (const waits of [true, false]) {
    const way = `${isNative ? "in the pool" : "on the loop"}, ${waits ? "one by one" : "at once"}`;
    test(`pieces of any size count in the order they came: ${way}`, async () => {
      storageWays.native = isNative;
      const pieces = SIZES.map((bytes) => randomBytes(bytes));
      const expected = createHash("sha256").update(Buffer.concat(pieces)).digest("hex");
      assert.equal(await digestOf(pieces, waits), expected);
      assert.notEqual(await digestOf(pieces.toReversed(), waits), expected);
      storageWays.native = true;
    });
  }
}

test("a big piece is not hashed on the loop", { skip: nativeSha256() === null }, async () => {
  const hash = sha256();
  assert.ok(hash.update(randomBytes(100_000)) instanceof Promise);
  await hash.update(randomBytes(10)); // behind the big one
  assert.equal(hash.update(randomBytes(10)), null);
  hash.drop();
});

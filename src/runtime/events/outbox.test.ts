import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../testing/index.ts";
import { Outbox, type Wish } from "./outbox.ts";

const WISH: Wish = { lane: "a", event: "1", atOnce: 1, timeoutMs: 1, addedMs: 100 };

async function inMemory(): Promise<Outbox> {
  return Outbox.open(null, () => assert.fail());
}

test("of one lane what is due first is taken first, and by one alone", async () => {
  const outbox = await inMemory();
  for (const event of ["1", "2", "3"]) outbox.add({ ...WISH, event });
  outbox.add({ ...WISH, lane: "b", event: "4" });
  const first = outbox.take("a", 100)!;
  assert.equal(first.event, "1");
  outbox.again(first.id, 150);
  assert.equal(outbox.take("a", 200)!.event, "2");
  assert.equal(outbox.take("a", 200)!.event, "3");
  const again = outbox.take("a", 200)!;
  assert.deepEqual([again.event, again.tries, again.addedMs], ["1", 1, 100]);
  assert.equal(outbox.take("a", 200), null);
  assert.equal(outbox.take("c", 200), null);
  outbox.close();
});

test("nothing is taken before its time, and the next time is known", async () => {
  const outbox = await inMemory();
  assert.equal(outbox.nextMs(0), null);
  outbox.add(WISH);
  assert.equal(outbox.take("a", 99), null);
  assert.equal(outbox.nextMs(99), 100);
  assert.equal(outbox.nextMs(100), null);
  const { id } = outbox.take("a", 100)!;
  assert.equal(outbox.nextMs(0), null); // it is being told
  outbox.again(id, 500);
  assert.equal(outbox.nextMs(100), 500);
  outbox.close();
});

test("what is dropped is gone, with its lane", async () => {
  const outbox = await inMemory();
  outbox.add(WISH);
  outbox.add({ ...WISH, atOnce: 7 });
  assert.deepEqual([outbox.count, outbox.hasLane("a")], [2, true]);
  assert.deepEqual(
    outbox.lanes().map(({ lane, atOnce }) => [lane, atOnce]),
    [["a", 7]],
  );
  outbox.drop(outbox.take("a", 100)!.id);
  outbox.drop(outbox.take("a", 100)!.id);
  assert.deepEqual([outbox.count, outbox.hasLane("a"), outbox.lanes()], [0, false, []]);
  outbox.close();
});

test("what waits for a time that a wrong clock gave is due now", async () => {
  const outbox = await inMemory();
  outbox.add({ ...WISH, addedMs: 10_000 });
  outbox.add({ ...WISH, addedMs: 300 });
  outbox.mend(200, 400);
  assert.equal(outbox.take("a", 200)!.addedMs, 200);
  assert.equal(outbox.take("a", 299), null);
  outbox.close();
});

test("what was taken when a process ended may be taken again", async () => {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "events.sqlite");
    const first = await Outbox.open(file, () => assert.fail());
    first.add(WISH);
    first.take("a", 100);
    first.close();
    const second = await Outbox.open(file, () => assert.fail());
    assert.equal(second.count, 1);
    assert.equal(second.take("a", 100)!.event, "1");
    second.close();
  });
});

test("a file that is no database is put aside; a folder that is missing is not made", async () => {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "events.sqlite");
    writeFileSync(file, "no database ".repeat(100));
    const aside: string[] = [];
    const outbox = await Outbox.open(file, (path) => aside.push(path));
    outbox.add(WISH);
    outbox.close();
    assert.deepEqual(aside, [`${file}.broken`]);
    assert.ok(existsSync(aside[0]!));
    await assert.rejects(Outbox.open(join(folder, "none/x.sqlite"), () => assert.fail()));
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { LateWork } from "./late-work.ts";

interface Work {
  readonly promise: Promise<void>;
  readonly end: (how?: Error) => void;
}

function work(): Work {
  let end: Work["end"] = () => {};
  const promise = new Promise<void>((resolve, reject) => {
    end = (how) => (how === undefined ? resolve() : reject(how));
  });
  return { promise, end };
}

/** Whether `promise` is settled once everything that is due has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test("where nothing goes on, nothing is waited for", async () => {
  assert.equal(await isSettled(new LateWork().settled()), true);
});

test("the last that ends, whichever it is and however it ends, is the end", async () => {
  const late = new LateWork();
  const [one, other] = [work(), work()];
  late.add(one.promise);
  late.add(other.promise);
  const settled = late.settled();
  other.end(new Error("of no interest here"));
  assert.equal(await isSettled(settled), false);
  assert.equal(late.size, 1);
  one.end();
  assert.equal(await isSettled(settled), true);
});

test("what comes while somebody waits is waited for, too", async () => {
  const late = new LateWork();
  const [one, other] = [work(), work()];
  late.add(one.promise);
  const settled = late.settled();
  late.add(other.promise);
  one.end();
  assert.equal(await isSettled(settled), false);
  other.end();
  assert.equal(await isSettled(settled), true);
});

test("what was given up is waited for no longer", async () => {
  const late = new LateWork();
  const never = work();
  late.add(never.promise);
  const settled = late.settled();
  late.giveUp();
  assert.equal(await isSettled(settled), true);
  never.end();
  assert.equal(await isSettled(late.settled()), true);
});

test("there is a bound: what is beyond it goes on without anybody's waiting", async () => {
  const late = new LateWork();
  for (let at = 0; at < 10_000; at += 1) late.add(new Promise(() => {}));
  const { size } = late;
  late.add(Promise.resolve());
  assert.equal(late.size, size);
});

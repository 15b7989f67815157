import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox } from "./inbox.ts";

/** An inbox, and what its owner is told. */
function opened(): { inbox: Inbox<string>; taken: number[]; left: () => number } {
  const taken: number[] = [];
  let left = 0;
  const inbox = new Inbox<string>({
    onTaken: (cost) => taken.push(cost),
    onLeft: () => (left += 1),
  });
  return { inbox, taken, left: () => left };
}

test("messages come in order, those that waited and those that are waited for", async () => {
  const { inbox, taken } = opened();
  inbox.put("a", 1);
  inbox.put("b", 2);
  const [first, second, third] = [inbox.next(), inbox.next(), inbox.next()];
  assert.deepEqual(taken, [1, 2]);
  inbox.put("c", 3);
  assert.deepEqual(
    (await Promise.all([first, second, third])).map(({ value }) => value),
    ["a", "b", "c"],
  );
  assert.deepEqual(taken, [1, 2, 3]);
});

test("behind the end what waits can be taken, then it is done", async () => {
  const { inbox, left } = opened();
  inbox.put("a", 1);
  inbox.end();
  const got: string[] = [];
  for await (const message of inbox) got.push(message);
  assert.deepEqual(got, ["a"]);
  assert.deepEqual(await inbox.next(), { done: true, value: undefined });
  assert.equal(left(), 0);
});

test("whoever waits at the end is told that it is done", async () => {
  const { inbox } = opened();
  const [one, two] = [inbox.next(), inbox.next()];
  inbox.end();
  assert.deepEqual([(await one).done, (await two).done], [true, true]);
});

test("a loop that is left holds nothing up", async () => {
  const { inbox, taken, left } = opened();
  for (const message of ["a", "b", "c"]) inbox.put(message, 1);
  for await (const message of inbox) if (message === "a") break;
  assert.deepEqual([taken, left()], [[1, 1, 1], 1]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Heartbeats } from "./heartbeats.ts";

function looksUntilStuck(hearts: Heartbeats, index: number, max = 20): number {
  for (let look = 1; look <= max; look += 1) if (hearts.isStuck(index)) return look;
  return Infinity;
}

test("a worker is stuck when it stood still over five looks", () => {
  const hearts = new Heartbeats(2);
  assert.equal(looksUntilStuck(hearts, 1), 5);
});

test("one beat gives it the whole time again", () => {
  const hearts = new Heartbeats(1);
  for (let look = 0; look < 4; look += 1) assert.equal(hearts.isStuck(0), false);
  Atomics.add(hearts.beats, 0, 1);
  assert.equal(hearts.isStuck(0), false);
  assert.equal(looksUntilStuck(hearts, 0), 5);
});

test("the beats of one are not another's", () => {
  const hearts = new Heartbeats(2);
  for (let look = 0; look < 4; look += 1) {
    Atomics.add(hearts.beats, 0, 1);
    assert.equal(hearts.isStuck(0), false);
    hearts.isStuck(1);
  }
  assert.equal(hearts.isStuck(0), false);
  assert.equal(hearts.isStuck(1), true);
});

test("a count that runs over still beats", () => {
  const hearts = new Heartbeats(1);
  hearts.beats[0] = 2 ** 31 - 1;
  hearts.restart(0);
  Atomics.add(hearts.beats, 0, 1);
  assert.equal(hearts.isStuck(0), false);
});

test("a worker that begins is given the whole time", () => {
  const hearts = new Heartbeats(1);
  for (let look = 0; look < 4; look += 1) hearts.isStuck(0);
  hearts.restart(0);
  assert.equal(looksUntilStuck(hearts, 0), 5);
});

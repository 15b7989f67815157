import assert from "node:assert/strict";
import { test } from "node:test";
import { Deadline, TimerWheel } from "./timer-wheel.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A wheel whose time a test turns, ten milliseconds at a time as a busy loop's would. */
function wheelOfTime(): { wheel: TimerWheel; turn: (ms: number) => void; nowMs: () => number } {
  let nowMs = 12_345.678;
  const wheel = new TimerWheel({ nowMs: () => 0, monotonicMs: () => nowMs });
  const turn = (ms: number): void => {
    nowMs += ms;
    wheel.advance();
  };
  return { wheel, turn, nowMs: () => nowMs };
}

for (const delayMs of [-5, 0, 1, 99, 100, 101, 500, 10_000, 65_000, 102_400, 3 * MINUTE, DAY]) {
  for (const phaseMs of [0, 37, 99.5]) {
    test(`${delayMs} ms set at ${phaseMs} ms expire once, not early, not late`, () => {
      const { wheel, turn, nowMs } = wheelOfTime();
      const expiredMs: number[] = [];
      const deadline = new Deadline(() => expiredMs.push(nowMs()));
      turn(phaseMs);
      const startMs = nowMs();
      wheel.schedule(deadline, delayMs);
      const strideMs = delayMs > 3 * MINUTE ? 100 : 10;
      while (nowMs() < startMs + delayMs + 400) turn(strideMs);
      assert.equal(expiredMs.length, 1);
      const tookMs = expiredMs[0]! - startMs;
      assert.ok(tookMs >= delayMs && tookMs <= Math.max(0, delayMs) + 200, `${tookMs} ms`);
      assert.equal(deadline.scheduled, false);
    });
  }
}

test("a cancelled deadline never expires, and may be cancelled twice", () => {
  const { wheel, turn } = wheelOfTime();
  const deadline = new Deadline(() => assert.fail("expired"));
  wheel.cancel(deadline);
  wheel.schedule(deadline, 100);
  wheel.cancel(deadline);
  wheel.cancel(deadline);
  turn(5 * MINUTE);
  assert.equal(wheel.size, 0);
});

test("a deadline that is moved expires at its new time alone", () => {
  const { wheel, turn } = wheelOfTime();
  let count = 0;
  const deadline = new Deadline(() => (count += 1));
  wheel.schedule(deadline, 300);
  turn(200);
  wheel.schedule(deadline, 1000);
  turn(900);
  assert.equal(count, 0);
  turn(300);
  assert.equal(count, 1);
  assert.equal(wheel.size, 0);
});

test("after a long stall everything due expires, and nothing else", () => {
  const { wheel, turn } = wheelOfTime();
  const expired: number[] = [];
  for (const ms of [100, 50_000, 102_400, 110_000, 10 * MINUTE, 20 * MINUTE]) {
    wheel.schedule(new Deadline(() => expired.push(ms)), ms);
  }
  turn(15 * MINUTE);
  assert.deepEqual(
    expired.toSorted((a, b) => a - b),
    [100, 50_000, 102_400, 110_000, 600_000],
  );
  assert.equal(wheel.size, 1);
});

test("what expires may cancel another that is due at the same moment", () => {
  const { wheel, turn } = wheelOfTime();
  const second = new Deadline(() => assert.fail("expired"));
  wheel.schedule(new Deadline(() => wheel.cancel(second)), 100);
  wheel.schedule(second, 100);
  turn(1000);
  assert.equal(wheel.size, 0);
});

test("what expires may schedule itself again without expiring twice in one turn", () => {
  const { wheel, turn } = wheelOfTime();
  let count = 0;
  const deadline: Deadline = new Deadline(() => {
    count += 1;
    wheel.schedule(deadline, 0);
  });
  wheel.schedule(deadline, 0);
  turn(1000);
  assert.equal(count, 1);
  turn(100);
  assert.equal(count, 2);
});

test("a callback that throws takes no other deadline with it", () => {
  const { wheel, turn } = wheelOfTime();
  let expired = false;
  wheel.schedule(
    new Deadline(() => {
      throw new Error("broken");
    }),
    100,
  );
  wheel.schedule(new Deadline(() => (expired = true)), 100);
  assert.throws(() => turn(1000), /broken/);
  turn(100);
  assert.equal(expired, true);
});

test("thousands of deadlines in random order all expire in their order of ticks", () => {
  const { wheel, turn } = wheelOfTime();
  const expired: number[] = [];
  let random = 1;
  for (let count = 0; count < 5000; count += 1) {
    random = (random * 48_271) % 2_147_483_647;
    const delayMs = random % 300_000;
    const deadline = new Deadline(() => expired.push(Math.ceil((delayMs + 78) / 100)));
    wheel.schedule(deadline, delayMs);
    if (count % 3 === 0) wheel.cancel(deadline);
  }
  for (let ms = 0; ms < 301_000; ms += 100) turn(100);
  assert.equal(expired.length, 3333);
  const drift = expired.some((tick, at) => at > 0 && tick < expired[at - 1]! - 1);
  assert.equal(drift, false);
});

test("one that is put off again and again expires once, at its last time", () => {
  const { wheel, turn } = wheelOfTime();
  const expiredMs: number[] = [];
  let ms = 0;
  const pass = (step: number): void => {
    ms += step;
    turn(step);
  };
  const deadline = new Deadline(() => expiredMs.push(ms));
  // Beyond a round of the wheel, too: its slot comes before its time does.
  for (const delayMs of [1000, 5000, 5000, 150_000, 4000, 90_000]) {
    wheel.schedule(deadline, delayMs);
    pass(900);
    assert.deepEqual(expiredMs, []);
    assert.equal(wheel.size, 1);
  }
  while (ms < 250_000) pass(100);
  assert.equal(expiredMs.length, 1);
  const dueMs = 5 * 900 + 90_000;
  assert.ok(expiredMs[0]! >= dueMs && expiredMs[0]! <= dueMs + 300, `${expiredMs[0]}`);
  assert.equal(wheel.size, 0);
});

test("one that is put off can be cancelled", () => {
  const { wheel, turn } = wheelOfTime();
  const deadline = new Deadline(() => assert.fail("expired"));
  wheel.schedule(deadline, 500);
  wheel.schedule(deadline, 60_000);
  turn(1000);
  wheel.cancel(deadline);
  turn(MINUTE * 2);
  assert.equal(wheel.size, 0);
});

test("by the system's clock it expires by itself", async () => {
  const wheel = new TimerWheel();
  // The wheel alone keeps no process alive: the test's own timer does.
  const alive = setTimeout(() => undefined, MINUTE);
  await new Promise<void>((resolve) => wheel.schedule(new Deadline(resolve), 50));
  clearTimeout(alive);
  wheel.stop();
  assert.equal(wheel.size, 0);
});

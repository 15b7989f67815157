import assert from "node:assert/strict";
import { test } from "node:test";
import { TimerWheel } from "../../runtime/index.ts";
import { HandlerClock } from "./handler-clock.ts";

const LIMIT_MS = 20_000;
const TICKS_MS = 300; // a wheel is late by two ticks at most

/** A handler's clock whose time a test turns; it notes when its time was up. */
function clockOfTime(): { handler: HandlerClock; pass: (ms: number) => void; late: number[] } {
  let nowMs = 1000;
  const late: number[] = [];
  const clock = { nowMs: () => 0, monotonicMs: () => nowMs };
  const wheel = new TimerWheel(clock, 100);
  const handler = new HandlerClock(clock, wheel, { onHandlerDeadline: () => late.push(nowMs) });
  const pass = (ms: number): void => {
    for (const endMs = nowMs + ms; nowMs < endMs; wheel.advance()) nowMs += 50;
  };
  handler.reset(LIMIT_MS);
  handler.run();
  return { handler, pass, late };
}

type Step = "reset" | "run" | "pause" | "stop" | "close";

const CASES: { name: string; steps: (Step | number)[]; inTime: boolean }[] = [
  { name: "a handler that takes too long", steps: [LIMIT_MS + TICKS_MS], inTime: false },
  { name: "one that takes nearly too long", steps: [LIMIT_MS - 100], inTime: true },
  { name: "one that has answered", steps: ["stop", 3 * LIMIT_MS], inTime: true },
  { name: "a connection that is gone", steps: ["close", 3 * LIMIT_MS], inTime: true },
  {
    name: "a body that takes longer than the handler may",
    steps: [1000, "pause", 3 * LIMIT_MS, "run", LIMIT_MS - 1100],
    inTime: true,
  },
  {
    name: "what the handler took before the body and behind it",
    steps: [15_000, "pause", 3 * LIMIT_MS, "run", 5000 + TICKS_MS],
    inTime: false,
  },
  {
    name: "the time before a short body, which counts behind it",
    steps: [15_000, "pause", 100, "run", 5000 + TICKS_MS],
    inTime: false,
  },
  {
    name: "the next request, behind one that took nearly too long",
    steps: [LIMIT_MS - 100, "stop", "reset", "run", LIMIT_MS - 100],
    inTime: true,
  },
  {
    name: "the next request, which takes too long",
    steps: [LIMIT_MS - 100, "stop", "reset", "run", LIMIT_MS + TICKS_MS],
    inTime: false,
  },
  {
    name: "the next request, when the deadline of the one before is long over",
    steps: ["stop", 3 * LIMIT_MS, "reset", "run", LIMIT_MS + TICKS_MS],
    inTime: false,
  },
  {
    name: "a request that is answered at once, behind it",
    steps: ["stop", "reset", 3 * LIMIT_MS],
    inTime: true,
  },
];
for (const { name, steps, inTime } of CASES) {
  test(`${name}: ${inTime ? "no deadline passes" : "its deadline passes once"}`, () => {
    const { handler, pass, late } = clockOfTime();
    for (const step of steps) {
      if (step === "reset") handler.reset(LIMIT_MS);
      else if (typeof step === "number") pass(step);
      else handler[step]();
    }
    assert.equal(late.length, inTime ? 0 : 1);
  });
}

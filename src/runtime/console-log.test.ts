import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogLevel } from "../base/log.ts";
import { ConsoleLog } from "./console-log.ts";

const clock = { nowMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678), monotonicMs: () => 0 };

function logTo(lines: string[], level: LogLevel = "debug"): ConsoleLog {
  return new ConsoleLog(level, { write: (line) => void lines.push(line) }, clock);
}

test("a notice is one line with its time and level", () => {
  const lines: string[] = [];
  logTo(lines).warn("disk is nearly full");
  assert.deepEqual(lines, ["2026-01-02T03:04:05.678Z warn disk is nearly full"]);
});

for (const [level, written] of [
  ["debug", "debug info warn error"],
  ["info", "info warn error"],
  ["warn", "warn error"],
  ["error", "error"],
] as const) {
  test(`at level ${level} it writes ${written}`, () => {
    const lines: string[] = [];
    const log = logTo(lines, level);
    log.debug("x");
    log.info("x");
    log.warn("x");
    log.error("x");
    assert.equal(lines.map((line) => line.split(" ")[1]).join(" "), written);
  });
}

const HOSTILE: [raw: string, written: string][] = [
  ["a\r\n2026-01-02T03:04:05.678Z error fake", "a\\x0d\\x0a2026-01-02T03:04:05.678Z error fake"],
  ["\x1b]0;title\x07", "\\x1b]0;title\\x07"],
  ["\x9b31m", "\\x9b31m"],
  ["\0\x7f\t", "\\x00\\x7f\\x09"],
  ["a\u2028b\u2029c", "a\\u2028b\\u2029c"],
  ["exe\u202egnp", "exe\\u202egnp"],
  ["Grüße, 世界 🎉", "Grüße, 世界 🎉"],
];
for (const [raw, written] of HOSTILE) {
  test(`${JSON.stringify(raw)} is written as ${JSON.stringify(written)}`, () => {
    const lines: string[] = [];
    logTo(lines).info(raw);
    assert.deepEqual(lines, [`2026-01-02T03:04:05.678Z info ${written}`]);
  });
}

test("an error's stack and cause stand below, indented and escaped like the rest", () => {
  const lines: string[] = [];
  logTo(lines).error("it broke", new Error("outer\x1b[2J", { cause: new TypeError("inner") }));
  const [first, second, ...rest] = lines;
  assert.equal(first, "2026-01-02T03:04:05.678Z error it broke");
  assert.equal(second, "  Error: outer\\x1b[2J");
  assert.ok(rest.every((line) => line.startsWith("  ")));
  assert.ok(rest.some((line) => line.includes("TypeError: inner")));
});

test("an error that can't be looked at is logged all the same", () => {
  const lines: string[] = [];
  const fails = (): never => {
    throw new Error("no");
  };
  logTo(lines).error("it broke", { [Symbol.for("nodejs.util.inspect.custom")]: fails });
  logTo(lines).error("so did this", new Error("why"));
  assert.match(lines.join("\n"), /it broke\n {2}\{.*[^]*so did this\n {2}Error: why/);
});

test("what is thrown need not be an error", () => {
  const lines: string[] = [];
  logTo(lines).error("it broke", "because\nof this");
  assert.deepEqual(lines.slice(1), ["  'because\\nof this'"]);
});

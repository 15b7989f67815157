import assert from "node:assert/strict";
import { test } from "node:test";
import { TurnedClock } from "../testing/index.ts";
import { ProgressLine, progressText } from "./progress-line.ts";
import type { Terminal } from "./terminal.ts";

const MIB = 1024 * 1024;

test("half of a file, and how long the rest will take", () => {
  const half = { sentBytes: 5 * MIB, totalBytes: 10 * MIB, ms: 2000, columns: 100 };
  assert.equal(
    progressText("a.bin", half),
    "a.bin [############............]  50 %  2.5 MiB/s  2 s left",
  );
});

const EDGES = [
  { sentBytes: 0, totalBytes: 10, ms: 0, says: "  0 %  0 B/s" },
  { sentBytes: 10, totalBytes: 10, ms: 1000, says: "100 %  10 B/s  waiting for the server" },
  { sentBytes: 0, totalBytes: 0, ms: 0, says: "100 %  0 B/s  waiting for the server" },
  { sentBytes: 999, totalBytes: 1000, ms: 500, says: " 99 %  2.0 KiB/s" },
];
for (const { says, ...progress } of EDGES) {
  test(`${progress.sentBytes} of ${progress.totalBytes} bytes end in ${says}`, () => {
    assert.ok(progressText("a", { ...progress, columns: 100 }).endsWith(`] ${says}`));
  });
}

for (const columns of [1, 2, 20, 60, 80]) {
  test(`the line fits into ${columns} columns`, () => {
    const progress = { sentBytes: 5, totalBytes: 10, ms: 2000, columns };
    assert.ok(progressText("n".repeat(300), progress).length < columns);
  });
}

function terminalOf(errColumns: number | null): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const terminal: Terminal = {
    out: () => assert.fail("progress is not what was asked for"),
    err: (text) => written.push(text),
    outColor: false,
    errColor: false,
    errColumns,
    outLost: async () => null,
  };
  return { terminal, written };
}

test("it is drawn at most ten times a second, and at the end, and then cleared", () => {
  const clock = new TurnedClock();
  const { terminal, written } = terminalOf(80);
  const line = new ProgressLine(terminal, clock);
  line.begin("folder/a\x1b[31m.bin");
  line.update(1, 10);
  line.update(2, 10);
  clock.turn(100);
  line.update(3, 10);
  line.update(10, 10);
  line.clear();
  line.clear();
  assert.equal(written.length, 4);
  assert.ok(written[0]!.startsWith("\r\x1b[Ka\ufffd[31m.bin ["), JSON.stringify(written[0]));
  assert.equal(written[3], "\r\x1b[K");
});

test("a name of wide characters is cut by its columns, between characters", () => {
  const progress = { sentBytes: 5, totalBytes: 10, ms: 0, columns: 60 };
  const wide = progressText("日本".repeat(40), progress);
  const emoji = progressText("😀".repeat(40), progress);
  assert.match(wide, /^(?:日本)+日?… \[/);
  assert.match(emoji, /^(?:😀)+… \[/u);
  // Each of them takes two columns, of which the text's length has one, or has both.
  assert.ok(wide.length + wide.match(/[日本]/g)!.length < 60, wide);
  assert.ok(emoji.length < 60, emoji);
});

test("what is no terminal gets nothing", () => {
  const { terminal, written } = terminalOf(null);
  const line = new ProgressLine(terminal, new TurnedClock());
  line.begin("a");
  line.update(10, 10);
  line.clear();
  assert.deepEqual(written, []);
});

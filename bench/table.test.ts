import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "./results.ts";
import { figure, spread, table } from "./table.ts";

const SERVERS = ["portico", "nginx", "nginx-nosendfile", "lighttpd"];

function result(...runs: (number | null)[][]): Result {
  const row = { name: "1kb", title: "1 KB file", unit: "µs", isRatio: false };
  return { row, runs: runs.map((run) => new Map(SERVERS.map((name, at) => [name, run[at]!]))) };
}

const last = (text: string) => text.trimEnd().split("\n").at(-1);

const LINES = [
  { runs: [[8, 16, 10, 7.5]], line: "8.00 | 16.0 | 10.0 | 7.50 | 0.80 | 1.07 |" },
  { runs: [[8, 16, null, null]], line: "8.00 | 16.0 | – | – | 0.50 | 0.50 |" },
  { runs: [[8, null, null, 4]], line: "8.00 | – | – | 4.00 | – | 2.00 |" },
  { runs: [[null, 16, 10, 4]], line: "– | 16.0 | 10.0 | 4.00 | – | – |" },
  {
    // A ratio is of one run's figures, not of two medians.
    runs: [
      [8, 8, 16, 8],
      [30, 10, 20, 10],
      [12, 6, 12, 6],
    ],
    line: "12.0 | 8.00 | 16.0 | 8.00 | 2.00 | 2.00 |",
  },
];
for (const { runs, line } of LINES) {
  test(`${JSON.stringify(runs)} is the line ${line}`, () => {
    assert.equal(last(table([result(...runs)], SERVERS)), `| 1 KB file (\`1kb\`) | µs | ${line}`);
  });
}

test("another Portico has a column and is nobody's best other", () => {
  const row = { name: "1kb", title: "1 KB file", unit: "µs" };
  const figures = new Map(Object.entries({ portico: 8, "portico-other": 4, nginx: 16 }));
  const servers = [...figures.keys()];
  assert.match(
    table([{ row, runs: [figures] }], servers),
    /8\.00 \| 4\.00 \| 16\.0 \| 0\.50 \| 0\.50/u,
  );
});

test("a figure that is a ratio already has no ratios", () => {
  const { runs } = result([1.05, 1.1, null, null]);
  const row = { name: "two-workers", title: "two", unit: "×", isRatio: true };
  assert.match(last(table([{ row, runs }], SERVERS))!, /1\.05 \| 1\.10 \| – \| – \| – \| – \|$/u);
});

test("the spread shows each run, and nothing where there was one", () => {
  assert.equal(spread([result([8, 16, null, null])]), "");
  const runs = [
    [8, 16, 10, null],
    [8, 8, 16, null],
    [8, null, null, 4],
  ];
  assert.equal(last(spread([result(...runs)])), "| `1kb` | 0.80 | 1.00 | – |");
});

const FIGURES = [
  [0, "0.00"],
  [0.054, "0.05"],
  [7.456, "7.46"],
  [74.56, "74.6"],
  [745.6, "746"],
  [12_345.6, "12346"],
  [null, "–"],
] as const;
for (const [value, text] of FIGURES) {
  test(`${value} is written as ${text}`, () => assert.equal(figure(value), text));
}

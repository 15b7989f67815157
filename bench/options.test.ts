import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { chosen, readOptions } from "./options.ts";

test("nothing said is everything, kept as the results", () => {
  const { rows, runs, save, servers, check } = readOptions([]);
  assert.deepEqual(
    { rows, servers, runs, check },
    { rows: null, servers: null, runs: 1, check: false },
  );
  assert.equal(save, path.join(import.meta.dirname, "RESULTS.md"));
});

test("a part is never kept as the results, unless asked for", () => {
  assert.equal(readOptions(["--rows", "1kb"]).save, null);
  assert.equal(readOptions(["--servers", "nginx"]).save, null);
  assert.equal(readOptions(["--rows", "1kb", "--save", "a.md"]).save, path.resolve("a.md"));
});

test("lists are cut at commas", () => {
  assert.deepEqual(readOptions(["--rows", "1kb, 304"]).rows, ["1kb", "304"]);
});

const REFUSED = [
  ["--rounds", "0"],
  ["--rounds", "-1"],
  ["--rounds", "1.5"],
  ["--seconds", "2s"],
  ["--seconds", ""],
  ["--runs", "many"],
  ["--port", "100000"],
  ["--row", "1kb"],
  ["1kb"],
];
for (const args of REFUSED) {
  test(`refuses ${args.join(" ")}`, () => assert.throws(() => readOptions(args)));
}

const ALL = [{ name: "a" }, { name: "b" }, { name: "c" }];

test("what is chosen keeps the order of all", () => {
  assert.deepEqual(chosen(ALL, ["c", "a"]), [{ name: "a" }, { name: "c" }]);
  assert.deepEqual(chosen(ALL, null), ALL);
});

for (const wanted of [["d"], ["a", "d"], [""], ["A"]]) {
  test(`${JSON.stringify(wanted)} names what is not there, and hears what is`, () => {
    assert.throws(() => chosen(ALL, wanted), /take of a, b, c/u);
  });
}

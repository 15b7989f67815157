import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { runFolder } from "./run-folder.ts";
import { poolSocket, type PoolSpec } from "./spec.ts";

const spec: PoolSpec = {
  place: "0 /*",
  name: "php-cgi",
  command: ["php-cgi"],
  workers: 999,
  cwd: "/",
  env: {},
};

test("sockets lie in the data folder", () => {
  assert.equal(runFolder("/var/lib/portico"), "/var/lib/portico/run");
});

test("a socket's address is never too long", () => {
  for (let length = 1; length < 120; length += 1) {
    const folder = runFolder(`/${"d".repeat(length)}`);
    assert.ok(poolSocket(folder, spec, 998).length <= 107, folder);
  }
  assert.equal(dirname(runFolder(`/${"d".repeat(110)}`)), tmpdir());
  assert.equal(dirname(runFolder(`/${"ü".repeat(50)}`)), tmpdir());
});

test("without a data folder each server has a folder of its own", () => {
  assert.notEqual(runFolder(undefined), runFolder(undefined));
  assert.equal(join(runFolder(undefined), ".."), tmpdir());
});

for (const given of [
  { place: "1 /*" },
  { command: ["php-cgi", "-n"] as const },
  { workers: 2 },
  { cwd: "/srv" },
  { env: { A: "1" } },
]) {
  test(`another ${Object.keys(given)[0]} is another pool`, () => {
    assert.notEqual(poolSocket("/run", { ...spec, ...given }, 0), poolSocket("/run", spec, 0));
  });
}

import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { loadServerConfig } from "./check.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { changesBetween, effective, workerCount, type Overrides } from "./served-config.ts";

const NONE: Overrides = { addresses: null, accessLog: null, workers: null };
const V6 = { kind: "tcp", host: "::1", port: 81 } as const;

function loaded(toml: string): LoadedConfig {
  const config = loadServerConfig(toml, "test.toml");
  if (Array.isArray(config)) throw new Error(config.map(({ message }) => message).join("; "));
  return config;
}

test("what the command line says is over the config", () => {
  const { value } = loaded('[[listen]]\naddress = "1"\n[log]\naccess = "off"\nformat = "json"');
  assert.equal(effective(value, NONE).listen[0]!.address.kind, "tcp");
  const over = effective(value, { addresses: [V6], accessLog: "stderr", workers: 3 });
  assert.deepEqual(over.listen, [{ address: V6 }]);
  assert.deepEqual(over.log, { access: "stderr", format: "json", level: "info" });
});

test("sessions are kept where the server began to keep them", () => {
  const [started, after] = [loaded(""), loaded("[session]\nstore = 'memory'\nidle = '1h'")];
  const { session } = effective(after.value, NONE, started.value);
  assert.deepEqual([session.store, session.idle], ["sqlite", 3_600_000]);
});

test("workers are what -w says, what the config says, or one a core", () => {
  assert.equal(workerCount(loaded("workers = 3").value, NONE), 3);
  assert.equal(workerCount(loaded("workers = 3").value, { ...NONE, workers: 5 }), 5);
  assert.equal(workerCount(loaded("").value, NONE), availableParallelism());
});

for (const [before, after, over, changed, restart] of [
  ["", "", {}, [], []],
  ["", "requestId = true", {}, [/^requestId: false -> true$/], []],
  ["workers = 2", "workers = 3", {}, [], [/workers: 2 -> 3 \(needs a restart\)/]],
  ["workers = 2", "workers = 3", { workers: 4 }, [], [/\(-w on the command line has the say\)/]],
  ['data = "a"', 'data = "b"', {}, [], [/data: "a" -> "b" \(needs a restart\)/]],
  ["", "[session]\nidle = '1h'", {}, [/^session.idle: "30m" -> "1h"$/], []],
  [
    "[session]\nstore = 'redis://:old@h'",
    "[session]\nstore = 'redis://:new@h'",
    {},
    [],
    [/^session.store: changed \(needs a restart\)$/],
  ],
  ["", `[session]\nsecret = "${"s".repeat(40)}"`, {}, [/^session.secret: changed$/], []],
  ["", '[[listen]]\naddress = "1"', {}, [/listen 1: added/], []],
  ["", '[[listen]]\naddress = "1"', { addresses: [V6] }, [], [/-l on the command line/]],
  ["", '[log]\naccess = "off"', { accessLog: "x" }, [], [/--access-log on the command line/]],
  ["", '[log]\nlevel = "warn"', { accessLog: "x" }, [/log.level: "info" -> "warn"/], []],
] as const) {
  test(`${JSON.stringify(before)} to ${JSON.stringify(after)} with ${JSON.stringify(over)}`, () => {
    const seen = changesBetween(loaded(before), loaded(after), { ...NONE, ...over });
    for (const [lines, patterns] of [
      [seen.changed, changed],
      [seen.restart, restart],
    ] as const) {
      assert.equal(lines.length, patterns.length, lines.join("\n"));
      for (const [at, pattern] of patterns.entries()) assert.match(lines[at]!, pattern);
    }
  });
}

test("what needs a restart is told until it is done, or taken back", () => {
  const [two, three] = [loaded("workers = 2"), loaded("workers = 3")];
  const still = changesBetween(three, three, NONE, two);
  assert.deepEqual(still, { changed: [], restart: ["workers: 2 -> 3 (needs a restart)"] });
  assert.deepEqual(changesBetween(three, two, NONE, two), { changed: [], restart: [] });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Loaded, loadConfig, table } from "../config/index.ts";
import { session, sessionCookieSettings, trustedProxies } from "./session-table.ts";

const schema = table({ trustedProxies, session });
const SECRET = "x".repeat(32);

function load(toml: string) {
  const loaded = loadConfig(toml, "portico.toml", schema);
  assert.ok(loaded instanceof Loaded, JSON.stringify(loaded));
  return loaded.value;
}

test("left out, everything has a value", () => {
  const { trustedProxies: proxies, session: given } = load("");
  assert.deepEqual(proxies, []);
  const { idle, absolute, store, strangers } = given;
  assert.deepEqual(
    [store, strangers, idle, absolute],
    ["sqlite", 100_000, 1_800_000, 2_592_000_000],
  );
  assert.deepEqual(sessionCookieSettings(given), {
    bytesMax: 65_536,
    cookie: "portico_session",
    sameSite: "lax",
    secrets: [],
  });
});

for (const [toml, secrets] of [
  [`secret = "${SECRET}"`, [SECRET]],
  [`secret = ["${SECRET}", "${SECRET}2"]`, [SECRET, `${SECRET}2`]],
] as const) {
  test(`${toml} signs by the first`, () => {
    const settings = sessionCookieSettings(load(`[session]\n${toml}\n`).session);
    assert.deepEqual(settings.secrets, secrets);
  });
}

for (const store of ["memory", "redis://h", "redis://u:p@h:1/2", "rediss://[::1]:6379"]) {
  test(`sessions may be kept in ${store}`, () => {
    assert.equal(load(`[session]\nstore = "${store}"\n`).session.store, store);
  });
}

const WRONG: [toml: string, line: number, words: RegExp][] = [
  ['trustedProxies = ["127.0.0.1",\n "10.0.0.0/33"]', 2, /a proxy is an address/],
  ['trustedProxies = ["localhost"]', 1, /a proxy is an address/],
  ['trustedProxies = "127.0.0.1"', 1, /list/],
  ['[session]\nstore = "redis"', 2, /a store is/],
  ['[session]\nstore = "redis://"', 2, /a store is/],
  ['[session]\nstore = "mysql://h"', 2, /a store is/],
  ['[session]\nidle = "0s"', 2, /from 1s/],
  ['[session]\nabsolute = "1"', 2, /unit|duration|number/],
  ['[session]\ncookie = ""', 2, /a cookie's name/],
  ['[session]\ncookie = "a b"', 2, /a cookie's name/],
  ['[session]\ncookie = "a;b"', 2, /a cookie's name/],
  ['[session]\ncookie = "__Host-a"', 2, /__Host-/],
  ['[session]\nsameSite = "Lax"', 2, /lax/],
  ['[session]\nsecret = "short"', 2, /32 characters/],
  ["[session]\nsecret = []", 2, /leave `secret` out/],
  [`[session]\nsecret = ["${SECRET}", "short"]`, 2, /32 characters/],
  ["[session]\nbytes = 10", 2, /1 KiB/],
  ["[session]\nstrangers = 0", 2, /1/],
  ["[session]\nname = 'a'", 2, /name/],
];
for (const [toml, line, words] of WRONG) {
  test(`${JSON.stringify(toml)} is told at line ${line}`, () => {
    const problems = loadConfig(toml, "portico.toml", schema);
    assert.ok(Array.isArray(problems));
    assert.equal(problems.length, 1, JSON.stringify(problems));
    assert.equal(problems[0]!.line, line);
    assert.match(`${problems[0]!.message} ${problems[0]!.hint ?? ""}`, words);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, expiresMs, noteMs, sessionsFile, storeComplaint } from "./settings.ts";

const STORES = ["memory", "sqlite", "redis://h", "redis://127.0.0.1:6379/0", "rediss://[::1]:1/15"];
for (const store of [...STORES, "redis://:p%40ss@h", "redis://user:pass@h:6379/2", "redis://h/"]) {
  test(`${store} is a store`, () => assert.equal(storeComplaint(store), null));
}

const WRONG = ["", "Memory", "redis", "redis:", "redis://", "redis:///0", "valkey://h", "http://h"];
const MORE = ["redis://h:99999", "redis://h/x", "redis://h/0/1", "redis://h/-1", "redis://h?db=1"];
for (const store of [...WRONG, ...MORE, "redis://h#0", " redis://h", "sqlite:x", "redis://a b"]) {
  test(`${JSON.stringify(store)} is none`, () => {
    assert.equal(typeof storeComplaint(store), "string");
  });
}

const BOUNDS = { idleMs: 1000, absoluteMs: 5000, bytesMax: 1, strangersMax: 1 };

test("a session is over when it was not used, or is too old, whichever comes first", () => {
  assert.equal(expiresMs({ createdMs: 0, usedMs: 0 }, BOUNDS), 1000);
  assert.equal(expiresMs({ createdMs: 0, usedMs: 4500 }, BOUNDS), 5000);
});

test("uses are noted once a minute, or a hundred times within the idle time", () => {
  assert.equal(noteMs(BOUNDS), 10);
  assert.equal(noteMs({ ...BOUNDS, idleMs: 24 * 60 * 60_000 }), 60_000);
});

test("a file there is for SQLite alone, and where there is a folder", () => {
  assert.equal(sessionsFile({ ...BOUNDS, store: "sqlite" }, "/var"), "/var/sessions.sqlite");
  assert.equal(sessionsFile({ ...BOUNDS, store: "sqlite" }, null), null);
  assert.equal(sessionsFile({ ...BOUNDS, store: "memory" }, "/var"), null);
});

test("ids that are a bit different have nothing in common", () => {
  // printf abc | sha256sum
  assert.match(digestOf("abc"), /^ba7816bf8f01cfea/);
  assert.notEqual(digestOf("abc"), digestOf("abC"));
});

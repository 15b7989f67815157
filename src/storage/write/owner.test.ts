import assert from "node:assert/strict";
import { test } from "node:test";
import { isAbandoned, ownName } from "./owner.ts";

const DAY_MS = 24 * 3600 * 1000;
const [BOOT, SPACE, PID, START] = ownName().slice(".portico-".length).split(".") as [
  string,
  string,
  string,
  string,
];

function nameOf(other: { boot?: string; space?: string; pid?: string; start?: string }): string {
  const { boot = BOOT, space = SPACE, pid = PID, start = START } = other;
  return `.portico-${boot}.${space}.${pid}.${start}.0-1`;
}

test("names are never given twice", () => {
  assert.equal(new Set(Array.from({ length: 100 }, ownName)).size, 100);
});

const CASES = [
  { who: "this process", name: nameOf({}), old: false, young: false },
  { who: "init", name: nameOf({ pid: "1" }), old: true, young: true }, // began at another time
  { who: "a process that is gone", name: nameOf({ pid: "99999999" }), old: true, young: true },
  { who: "one that had our id before", name: nameOf({ start: "1" }), old: true, young: true },
  { who: "one of another container", name: nameOf({ space: "1" }), old: true, young: false },
  { who: "one of an earlier boot", name: nameOf({ boot: "abc" }), old: true, young: true },
  { who: "nobody", name: "README", old: true, young: false },
  { who: "nobody, with dots", name: "../../a.b", old: true, young: false },
];
for (const { who, name, old, young } of CASES) {
  test(`what is left by ${who}: ${young ? "taken" : "kept"}, after a day ${old}`, () => {
    assert.equal(isAbandoned(name, 0, true), young);
    assert.equal(isAbandoned(`${name}.old`, 0, true), young);
    assert.equal(isAbandoned(name, DAY_MS + 1, true), old);
  });
}

test("on a disk that other machines write to, another boot may be another machine", () => {
  assert.equal(isAbandoned(nameOf({ boot: "abc" }), 0, false), false);
  assert.equal(isAbandoned(nameOf({ boot: "abc" }), DAY_MS + 1, false), true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { HostTable } from "./host-table.ts";

const table = new HostTable([
  ["example.org", "a.example.org", "[::1]"],
  ["*.example.org"],
  ["*.deep.example.org", "10.0.0.1"],
]);
const FOUND = [
  { key: "example.org", site: 0, by: "example.org" },
  { key: "a.example.org", site: 0, by: "a.example.org" },
  { key: "[::1]", site: 0, by: "[::1]" },
  { key: "b.example.org", site: 1, by: "*.example.org" },
  { key: "x.a.example.org", site: 1, by: "*.example.org" },
  { key: "deep.example.org", site: 1, by: "*.example.org" },
  { key: "x.deep.example.org", site: 2, by: "*.deep.example.org" },
  { key: "x.y.deep.example.org", site: 2, by: "*.deep.example.org" },
  { key: `${"a.".repeat(8000)}example.org`, site: 1, by: "*.example.org" },
];
for (const { key, site, by } of FOUND) {
  test(`${key.slice(0, 40)} is site ${site}, by ${by}`, () => {
    assert.deepEqual(table.lookup(key), { site, by });
  });
}

const UNKNOWN = [
  "",
  "org",
  "xexample.org",
  ".example.org",
  "example.org.evil",
  "10.0.0.2",
  "[::2]",
  ".",
];
for (const key of UNKNOWN) {
  test(`${JSON.stringify(key)} is no site's`, () => {
    assert.equal(table.lookup(key), null);
  });
}

test("a site without hosts takes what no other names, the nameless too", () => {
  const open = new HostTable([["example.org"], []]);
  assert.deepEqual(open.lookup("example.org"), { site: 0, by: "example.org" });
  assert.deepEqual(open.lookup("other.example"), { site: 1, by: null });
  assert.deepEqual(open.lookup(""), { site: 1, by: null });
});

test("hosts are named as soon as one site names one", () => {
  assert.equal(new HostTable([]).named, false);
  assert.equal(new HostTable([[]]).named, false);
  assert.equal(new HostTable([[], ["*.a"]]).named, true);
});

for (const sites of [
  [[], []],
  [["a"], ["A."]],
  [["*.a", "*.a"]],
  [["a b"]],
  [["[::1]"], ["[0::1]"]],
]) {
  test(`${JSON.stringify(sites)} is a bug here, since the config's check reports it`, () => {
    assert.throws(() => new HostTable(sites), Error);
  });
}

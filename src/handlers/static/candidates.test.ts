import assert from "node:assert/strict";
import { test } from "node:test";
import { candidateComplaint, lookedForPath, readCandidates, targetOf } from "./candidates.ts";

const GOOD = ["{path}", "{path}.html", "{path}/index.json", "/index.html", "/a?b={path}", "=404"];
for (const entry of GOOD) {
  test(`${entry} can be tried`, () => {
    assert.equal(candidateComplaint(entry), null);
  });
}

for (const entry of [
  ...["", "index.html", "../x", "/../x", "{path}/../x", "/a/./b", "=200", "=500", "=abc", "="],
  ...["{file}", "{path", "/{path}{query}", "$uri", "/%zz", "/a\nb", "/a b", "https://x/"],
]) {
  test(`${JSON.stringify(entry)} cannot be tried`, () => {
    assert.notEqual(candidateComplaint(entry), null);
  });
}

for (const [entries, expected] of [
  [[], null],
  [["=410"], { lookedFor: [], end: { code: "gone" } }],
  [["{path}", "=404"], { lookedFor: ["{path}"], end: { code: "notFound" } }],
  [["{path}", "/a"], { lookedFor: ["{path}"], end: { target: "/a" } }],
  [["/a", "/b"], { lookedFor: ["/a"], end: { target: "/b" } }],
  [["{path}", "{path}.html"], { lookedFor: ["{path}", "{path}.html"], end: { code: "notFound" } }],
] as const) {
  test(`[${entries}] is read`, () => {
    assert.deepEqual(readCandidates(entries), expected);
  });
}

for (const [candidate, path, expected] of [
  ["{path}", "a/b", "a/b"],
  ["{path}.html", "a/b", "a/b.html"],
  ["/{path}.html", "a", "a.html"],
  ["{path}/index.json", "a", "a/index.json"],
  ["{path}/index.json", "a/", "a/index.json"],
  ["{path}/index.json", "", "index.json"],
  ["/index.html", "a", "index.html"],
  ["{path}", "$&{path}", "$&{path}"],
] as const) {
  test(`${candidate} for ${JSON.stringify(path)} is ${expected}`, () => {
    assert.equal(lookedForPath(candidate, path), expected);
  });
}

for (const [target, rest, query, expected] of [
  ["/index.html", "a", "", "/index.html"],
  ["/index.html", "a", "x=1", "/index.html?x=1"],
  ["/i?p={path}", "a/b", "x=1", "/i?p=a/b"],
  ["/i?p={path}", "a&admin=1+2;3", "", "/i?p=a%26admin%3D1%2B2%3B3"],
  ["/x/{path}", "a%20b", "", "/x/a%20b"],
  ["/x/{path}", "$&", "", "/x/$%26"],
] as const) {
  test(`${target} for ${rest}?${query} is ${expected}`, () => {
    assert.equal(targetOf(target, rest, query), expected);
  });
}

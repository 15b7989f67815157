import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { exchangeOf } from "../../testing/index.ts";
import { requestedName } from "./requested-name.ts";

function asked(target: string): unknown {
  const requested = requestedName(exchangeOf({ target, prefixLength: "/up/".length }));
  return requested instanceof Failure ? requested.code : [requested.name, requested.isFolder];
}

const NAMES: readonly [target: string, name: string, isFolder: boolean][] = [
  ["/up/", "", true],
  ["/up/a", "a", false],
  ["/up/a/", "a", true],
  ["/up/a/b.txt", "a/b.txt", false],
  ["/up/e%CC%81", "é", false],
  ["/up/a%20b?c/d", "a b", false],
];
for (const [target, name, isFolder] of NAMES) {
  test(`${target} is ${isFolder ? "the folder" : "the file"} ${JSON.stringify(name)}`, () => {
    assert.deepEqual(asked(target), [name, isFolder]);
  });
}

const REFUSED = [
  ...["/up//", "/up//a", "/up/a//", "/up/a//b", "/up/.a", "/up/a/.b/c", "/up/a%2Fb"],
  ...["/up/a%2fb", "/up/%2F", "/up/a%252Fb", "/up/a%5Cb", "/up/%20"],
  ...["/up/a./b", "/up/nul", "/up/.portico/x", `/up/${"a".repeat(201)}`, "/up/%E2%80%AE"],
];
for (const target of REFUSED) {
  test(`${target.slice(0, 30)} names no file`, () => assert.equal(asked(target), "nameRefused"));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { targetComplaint } from "./options.ts";

for (const to of ["/", "/new/", "/a?b=c#d", "https://new.example", "http://[::1]:8080/", "/é"]) {
  test(`${to} is a target`, () => {
    assert.equal(targetComplaint(to), null);
  });
}

for (const to of [
  ...["", "new/", "//new.example/", "/\\new.example", "\\/new", "https://", "https:///new"],
  ...["https://user@new.example/", "javascript:alert(1)", "ftp://new.example/", "https:/new"],
  ...["http://exämple.org/", "http://[::1", "http://a:99999/", "http://a:b/"],
  ...["/a b", "/a\r\nX-A: b", "/a\0", "/a\x7f", " /a"],
]) {
  test(`${JSON.stringify(to)} is no target`, () => {
    assert.notEqual(targetComplaint(to), null);
  });
}

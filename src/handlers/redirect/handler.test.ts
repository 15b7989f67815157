import assert from "node:assert/strict";
import { test } from "node:test";
import { Reply } from "../../http/exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { redirectHandler } from "./handler.ts";

const CASES = [
  { to: "/new/", target: "/old/a%20b/c?x=1", length: 5, expected: "/new/a%20b/c?x=1" },
  { to: "/new/", target: "/old", length: 5, expected: "/new/" },
  { to: "/new/", target: "/old", length: 4, expected: "/new/" },
  { to: "/größe/", target: "/old/a", length: 5, expected: "/gr%C3%B6%C3%9Fe/a" },
  { to: "/a%20b", target: "/old/a", length: 5, expected: "/a%20b" },
  { to: "http://[::1]:8080/", target: "/old/a", length: 5, expected: "http://[::1]:8080/a" },
  { to: "/", target: "/old//evil.example/", length: 5, expected: "/evil.example/" },
];

for (const { to, target, length, expected } of CASES) {
  test(`a request for ${target} is sent to ${expected} by ${to}`, () => {
    const answer = redirectHandler({ to, status: 301 })(
      exchangeOf({ method: "POST", target, prefixLength: length }),
    );
    assert.ok(answer instanceof Reply);
    assert.equal(answer.status, 301);
    assert.deepEqual(answer.fields, [["Location", expected]]);
    assert.equal(answer.body, null);
  });
}

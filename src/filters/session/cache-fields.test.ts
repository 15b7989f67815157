import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldList } from "../../base/failure.ts";
import { Reply } from "../../http/exchange/index.ts";
import { withCacheFields } from "./cache-fields.ts";

const COOKIE = ["Vary", "Cookie"] as const;
const NO_STORE = ["Cache-Control", "no-store"] as const;
const control = (value: string, name = "Cache-Control"): [string, string] => [name, value];

const CASES: [own: FieldList, setsCookie: boolean, fields: FieldList][] = [
  [[], false, [control("private, no-cache"), COOKIE]],
  [[], true, [NO_STORE, COOKIE]],
  [[control("max-age=5", "cache-control")], false, [control("max-age=5", "cache-control"), COOKIE]],
  [[control("public, max-age=5", "cache-control")], true, [NO_STORE, COOKIE]],
  [[control("max-age=5")], true, [NO_STORE, COOKIE]],
  [[control("x-private, s-maxage=5")], true, [NO_STORE, COOKIE]],
  [[control('private="Set-Cookie"')], true, [NO_STORE, COOKIE]],
  [[control("max-age=5,private")], true, [control("max-age=5,private"), COOKIE]],
  [[control("No-Store")], true, [control("No-Store"), COOKIE]],
  [[control("public"), control("private")], true, [control("public"), control("private"), COOKIE]],
  [[["vary", "Accept"]], true, [["vary", "Accept"], NO_STORE, COOKIE]],
  [[["vary", "Accept, cookie"]], true, [["vary", "Accept, cookie"], NO_STORE]],
  [[["Vary", "*"]], true, [["Vary", "*"], NO_STORE]],
  [[["Vary", "X-Cookie"]], true, [["Vary", "X-Cookie"], NO_STORE, COOKIE]],
];
for (const [own, setsCookie, fields] of CASES) {
  test(`${JSON.stringify(own)} ${setsCookie ? "with a cookie" : "when read"}`, () => {
    const body = Buffer.from("body");
    const reply = withCacheFields(new Reply(201, own, body), setsCookie);
    assert.deepEqual([reply.status, reply.body, reply.fields], [201, body, fields]);
  });
}

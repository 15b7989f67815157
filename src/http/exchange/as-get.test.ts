import assert from "node:assert/strict";
import { test } from "node:test";
import { exchangeOf } from "../../testing/index.ts";
import { Reply, type Exchange, type RequestBody } from "./index.ts";

const FIELDS = {
  Host: "localhost",
  "Content-Type": "text/plain",
  "Content-Length": "4",
  "CONTENT-ENCODING": "identity",
  "Transfer-Encoding": "chunked",
  Expect: "100-continue",
  Cookie: "a=b",
};
const body: RequestBody = {
  length: 4,
  bytesMax: 10,
  readyBytes: 4,
  read: async () => Buffer.from("body"),
  fill: async () => 4,
};

function sentOn(method: string, how?: { asGet: boolean }): Exchange {
  let seen: Exchange | null = null;
  const dispatch = (exchange: Exchange): Reply => {
    seen = exchange;
    return new Reply(200);
  };
  void exchangeOf({ method, fields: FIELDS, body, dispatch }).reroute("/b?c=d", how);
  return seen!;
}

for (const [method, expected] of [
  ["POST", "GET"],
  ["GET", "GET"],
  ["HEAD", "HEAD"],
  ["DELETE", "GET"],
] as const) {
  test(`${method} is sent on as ${expected}, without a body`, async () => {
    const exchange = sentOn(method, { asGet: true });
    assert.equal(exchange.method, expected);
    assert.deepEqual([exchange.path, exchange.query], ["/b", "c=d"]);
    assert.equal(exchange.body.length, 0);
    assert.equal(exchange.body.readyBytes, 0);
    assert.equal(await exchange.body.read(), null);
    assert.equal(await exchange.body.fill(Buffer.alloc(4)), 0);
  });
}

test("what said of the body how it is is not sent on, what says of the client is", () => {
  const { fields } = sentOn("POST", { asGet: true });
  assert.deepEqual(Array.from(fields.entries()), [
    ["Host", "localhost"],
    ["Cookie", "a=b"],
  ]);
  assert.equal(fields.get("cookie"), "a=b");
  for (const name of ["content-type", "content-length", "transfer-encoding", "expect"]) {
    assert.equal(fields.get(name), null);
    assert.equal(fields.has(name), false);
    assert.deepEqual(fields.all(name), []);
  }
});

test("one request's bound of no body is not another's", () => {
  const first = sentOn("POST", { asGet: true });
  first.body.bytesMax = 5;
  assert.equal(sentOn("POST", { asGet: true }).body.bytesMax, 0);
});

for (const how of [undefined, { asGet: false }]) {
  const manner = how === undefined ? "" : " not as GET";
  test(`a request that is sent on${manner} stays as it came`, () => {
    const exchange = sentOn("POST", how);
    assert.equal(exchange.method, "POST");
    assert.equal(exchange.body, body);
    assert.equal(exchange.fields.get("content-type"), "text/plain");
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { exchangeOf } from "../../../testing/index.ts";
import { Failure } from "../../../base/failure.ts";
import { acceptOf, handshakeOf } from "./handshake.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const GOOD = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": KEY,
};

test("the answer's key is the RFC's", () => {
  assert.equal(acceptOf(KEY), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});

const TAKEN: readonly [name: string, fields: Record<string, string>, offered?: string[]][] = [
  ["a plain one", {}],
  [
    "tokens in other letters, among others",
    { Connection: "keep-alive, UPGRADE", Upgrade: "h2c, WebSocket" },
  ],
  ["its own origin", { Origin: "http://localhost" }],
  ["its own origin, as an encrypted page's", { Origin: "https://localhost" }],
  ["its own origin with the scheme's port", { Origin: "http://LOCALHOST:80" }],
  ["a named origin", { Origin: "https://friend.example" }],
  ["subprotocols", { "Sec-WebSocket-Protocol": "chat.v2, chat ,, x" }, ["chat.v2", "chat", "x"]],
];
for (const [name, fields, offered = []] of TAKEN) {
  test(`taken: ${name}`, () => {
    const exchange = exchangeOf({ fields: { ...GOOD, ...fields } });
    assert.deepEqual(handshakeOf(exchange, ["https://friend.example"]), { key: KEY, offered });
  });
}

test("any origin is taken where all are named", () => {
  const exchange = exchangeOf({ fields: { ...GOOD, Origin: "https://evil.example" } });
  assert.deepEqual(handshakeOf(exchange, ["*"]), { key: KEY, offered: [] });
});

const REFUSED: readonly [name: string, code: string, fields: Record<string, string>][] = [
  ["no Connection", "upgradeRequired", { Connection: "" }],
  ["another Connection", "upgradeRequired", { Connection: "keep-alive" }],
  ["a token that only begins so", "upgradeRequired", { Connection: "upgrade-insecure" }],
  ["no Upgrade", "upgradeRequired", { Upgrade: "" }],
  ["another Upgrade", "upgradeRequired", { Upgrade: "h2c" }],
  ["Upgrade with a version", "upgradeRequired", { Upgrade: "websocket/13" }],
  ["an older version", "upgradeRequired", { "Sec-WebSocket-Version": "8" }],
  ["no version", "upgradeRequired", { "Sec-WebSocket-Version": "" }],
  ["two versions", "upgradeRequired", { "Sec-WebSocket-Version": "13, 8" }],
  ["no key", "badUpgrade", { "Sec-WebSocket-Key": "" }],
  ["a key of 15 bytes", "badUpgrade", { "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAA" }],
  ["a key of 17 bytes", "badUpgrade", { "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAAA=" }],
  ["a key that is not base64", "badUpgrade", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZ!==" }],
  ["two keys", "badUpgrade", { "Sec-WebSocket-Key": `${KEY}, ${KEY}` }],
  ["a subprotocol that is none", "badUpgrade", { "Sec-WebSocket-Protocol": "chat, a b" }],
  ["a subprotocol twice", "badUpgrade", { "Sec-WebSocket-Protocol": "chat, chat" }],
  ["another site's page", "crossSite", { Origin: "https://evil.example" }],
  ["another port's page", "crossSite", { Origin: "http://localhost:8081" }],
  ["a page of a host that ends so", "crossSite", { Origin: "http://evil-localhost" }],
  ["a page of a subdomain", "crossSite", { Origin: "http://evil.localhost" }],
  ["a sandboxed page", "crossSite", { Origin: "null" }],
  ["an empty origin", "crossSite", { Origin: "" }],
  ["an origin like a named one", "crossSite", { Origin: "https://friend.example.evil" }],
];
for (const [name, code, fields] of REFUSED) {
  test(`refused: ${name}: ${code}`, () => {
    const refused = handshakeOf(exchangeOf({ fields: { ...GOOD, ...fields } }), [
      "https://friend.example",
    ]);
    assert.ok(refused instanceof Failure);
    assert.equal(refused.code, code);
  });
}

test("who is told to upgrade is told to what, and to which version", () => {
  const refused = handshakeOf(exchangeOf({}), []);
  assert.deepEqual(refused instanceof Failure && refused.fields, [
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
  ]);
});

for (const method of ["POST", "HEAD", "get"]) {
  test(`refused: ${method}`, () => {
    const refused = handshakeOf(exchangeOf({ method, fields: GOOD }), []);
    assert.equal(refused instanceof Failure && refused.code, "upgradeRequired");
  });
}

for (const length of [5, null]) {
  test(`refused: a body of length ${length}`, () => {
    const read = async (): Promise<null> => null;
    const fill = async (): Promise<number> => 0;
    const body = { length, bytesMax: 10, readyBytes: 0, read, fill };
    const refused = handshakeOf(exchangeOf({ fields: GOOD, body }), []);
    assert.equal(refused instanceof Failure && refused.code, "badUpgrade");
  });
}

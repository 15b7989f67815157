import assert from "node:assert/strict";
import { test } from "node:test";
import { MetaVariables } from "../../http/gateway/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { ReadyPairs, RequestBlock } from "./request-block.ts";

test("what is kept ready is byte for byte what is written anew", () => {
  const variables = new MetaVariables(
    { env: { SAID_É: "dé" }, documentRoot: "/srv/é", passAuthorization: false },
    () => new ReadyPairs(),
  );
  const block = new RequestBlock({ requestId: 1, variables });
  const place = { scriptName: "/ü.php", pathInfo: "/€", scriptFile: "/srv/ü.php" };
  const facts = { body: null, session: null };
  const asked = { target: "/x?y", fields: { "X-Long": "l".repeat(70_000), "X-Latin": "\xe9\x80" } };
  const plain = exchangeOf(asked);
  const shared = { ...plain.request, kept: null };
  const made = (): Buffer => {
    const exchange = exchangeOf(asked);
    Object.assign(exchange, { request: shared });
    return Buffer.from(block.make(exchange, place, facts, true));
  };
  const first = Buffer.from(block.make(plain, place, facts, true));
  assert.ok(first.includes("\xe9\x80", 0, "latin1") && first.includes("/srv/ü.php"));
  for (let times = 0; times < 4; times += 1) assert.ok(made().equals(first), `time ${times}`);
});

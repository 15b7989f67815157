import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "../exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { sessionFacts } from "./session-facts.ts";

function factsOf(id: string | null, user: string | null): unknown {
  const exchange = exchangeOf({});
  const session = { id: Promise.resolve(id), user: Promise.resolve(user) };
  exchange.session = session as unknown as Session;
  return sessionFacts(exchange);
}

test("a route without sessions has none, at once", () => {
  assert.equal(sessionFacts(exchangeOf({})), null);
});

test("a session that lives has an id, and may have a user", async () => {
  assert.deepEqual(await factsOf("an-id", null), { id: "an-id", user: null });
  assert.deepEqual(await factsOf("an-id", "ann"), { id: "an-id", user: "ann" });
});

test("a visitor without a session is told of as none", async () => {
  assert.equal(await factsOf(null, null), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Reply, type Filter, type Handler } from "../http/exchange/index.ts";
import { exchangeOf, roomContext } from "../testing/index.ts";
import { withCode } from "./code-rooms.ts";
import { BUILT_IN } from "./registry.ts";

const registry = withCode(BUILT_IN);

test("a handler is the route's as it is, whatever the method", () => {
  const room = registry.handlerNamed("handle");
  const handler: Handler = () => new Reply(204);
  assert.equal(room.create(handler, roomContext()), handler);
  assert.equal(room.methods, "any");
});

test("of filters the first stands outermost", async () => {
  const room = registry.filters.find(({ name }) => name === "filters")!;
  const seen: string[] = [];
  const noted = (name: string): Filter => {
    return (next) => (exchange) => {
      seen.push(name);
      return next(exchange);
    };
  };
  const context = roomContext();
  const handler = room.create([noted("a"), noted("b")], context)(() => new Reply(204));
  await handler(exchangeOf({}));
  assert.deepEqual(seen, ["a", "b"]);
});

test("no filters leave the handler as it is", () => {
  const room = registry.filters.find(({ name }) => name === "filters")!;
  const handler: Handler = () => new Reply(204);
  assert.equal(room.create([], roomContext())(handler), handler);
});

test("what files may say stays without them", () => {
  assert.throws(() => BUILT_IN.handlerNamed("handle"));
  assert.equal(withCode(BUILT_IN), registry);
});

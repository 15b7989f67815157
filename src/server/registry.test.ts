import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "../config/index.ts";
import { Reply } from "../http/exchange/index.ts";
import { filterRoom, handlerRoom } from "../http/room.ts";
import { BUILT_IN, RoomRefused } from "./registry.ts";

const greet = handlerRoom({
  name: "greet",
  doc: "Greets.",
  options: table({}),
  failures: { greetless: { status: 418, message: "No." } },
  create: () => () => new Reply(200),
});
const gate = filterRoom({
  name: "gate",
  doc: "A gate.",
  options: table({}),
  create: () => (next) => next,
});

test("rooms from outside stand behind the built-in ones, with their failures", () => {
  const registry = BUILT_IN.with([greet, gate]);
  assert.equal(registry.handlers.at(-1), greet);
  assert.equal(registry.filters.at(-1), gate);
  assert.equal(registry.handlerNamed("greet"), greet);
  assert.equal(registry.failures["greetless"]!.status, 418);
  assert.equal(registry.rooms.length, BUILT_IN.rooms.length + 2);
});

test("the registry that they join stays what it was", () => {
  BUILT_IN.with([greet, gate]);
  assert.ok(!BUILT_IN.rooms.includes(greet));
  assert.equal(BUILT_IN.failures["greetless"], undefined);
  assert.throws(() => BUILT_IN.handlerNamed("greet"), /no handler is called greet/);
});

test("a failure that says the same may be in two rooms", () => {
  const failures = { ...greet.failures, notFound: { ...BUILT_IN.failures["notFound"]! } };
  BUILT_IN.with([greet, { ...greet, name: "other", failures }]);
});

for (const [what, rooms, why] of [
  ["a built-in handler's name", [{ ...greet, name: "static" }], /a handler called "static"/],
  ["a built-in filter's name", [{ ...greet, name: "methods" }], /a filter called "methods"/],
  ["a name twice", [greet, { ...gate, name: "greet" }], /a handler called "greet" already/],
  ["the same room twice", [greet, greet], /a handler called "greet" already/],
  [
    "a failure with another status",
    [{ ...greet, failures: { notFound: { status: 410, message: "x" } } }],
    /the handler "greet": the failure "notFound" is another's: 404/,
  ],
  [
    "a failure with another message",
    [greet, { ...gate, failures: { greetless: { status: 418, message: "Other." } } }],
    /the filter "gate": the failure "greetless" is another's: 418 No\./,
  ],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(
      () => BUILT_IN.with(rooms),
      (error) => error instanceof RoomRefused && why.test(error.message),
    );
  });
}

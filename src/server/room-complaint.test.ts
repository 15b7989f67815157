import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "../config/index.ts";
import { Reply } from "../http/exchange/index.ts";
import { filterRoom, handlerRoom, type Room } from "../http/room.ts";
import { complaintAboutRoom, isRoom } from "./room-complaint.ts";

const greet = handlerRoom({
  name: "greet",
  doc: "",
  options: table({}),
  create: () => () => new Reply(200),
});
const gate = filterRoom({ name: "gate", doc: "", options: table({}), create: () => (n) => n });

for (const room of [greet, gate, { ...greet, methods: () => "any" }, { ...greet, name: "aB9" }]) {
  test(`${room.kind} ${room.name} is a room`, () => {
    assert.equal(complaintAboutRoom(room as Room, [], {}), null);
  });
}

for (const value of [
  ...[null, undefined, 1, "handler", [], {}, greet.create],
  ...[{ kind: "handler" }, { kind: "engine", create: () => {} }, { ...greet, create: "f" }],
]) {
  test(`${JSON.stringify(value)} is none`, () => {
    assert.equal(isRoom(value), false);
    assert.match(complaintAboutRoom(value as unknown as Room, [], {})!, /no room/);
  });
}

for (const name of ["", "a b", "A", "a-b", "__proto__", "9a", "a.b", "é", "a".repeat(65)]) {
  test(`${JSON.stringify(name)} is no name`, () => {
    assert.match(complaintAboutRoom({ ...greet, name }, [], {})!, /is no name of a room/);
  });
}

for (const name of ["path", "handle", "filters"]) {
  test(`${name} is no room's to have`, () => {
    assert.match(complaintAboutRoom({ ...greet, name }, [], {})!, /routes have that key/);
  });
}

for (const [given, why] of [
  [{ name: undefined }, /a undefined is no name/],
  [{ name: { toString: () => "greet" } }, /a object is no name/],
  [{ options: undefined }, /no schema/],
  [{ options: { type: "object" } }, /no schema/],
  [{ options: null }, /no schema/],
  [{ doc: undefined }, /no `doc`/],
  [{ methods: undefined }, /does not say its methods/],
  [{ methods: "GET" }, /does not say its methods/],
  [{ failures: undefined }, /failures are no table/],
  [{ failures: { broken: null } }, /"broken" needs a status from 400 to 599/],
  [{ failures: { broken: { status: 200, message: "a" } } }, /"broken" needs a status/],
  [{ failures: { broken: { status: 404.5, message: "a" } } }, /"broken" needs a status/],
  [{ failures: { broken: { status: 404 } } }, /"broken" needs a status .* and a message/],
] as const) {
  test(`a room with ${JSON.stringify(given)} is refused`, () => {
    assert.match(complaintAboutRoom({ ...greet, ...given } as unknown as Room, [], {})!, why);
  });
}

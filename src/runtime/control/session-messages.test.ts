import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEndSessions, parseSessions } from "./session-messages.ts";

const GOOD = [{ user: "ann" }, { user: "" }, { user: "__proto__" }, { digest: "0123abcd" }];
for (const which of [...GOOD, { digest: "f".repeat(64) }, { all: true }]) {
  test(`${JSON.stringify(which)} says which are to end`, () => {
    assert.deepEqual(parseEndSessions({ which }), { command: "endSessions", which });
  });
}

const DIGESTS = ["", "0123abc", "f".repeat(65), "0123ABCD", "*0123abcd", "%", "g".repeat(8)];
const BAD = [
  undefined,
  null,
  "all",
  [],
  {},
  { all: false },
  { all: 1 },
  { user: 5 },
  { user: null },
  { digest: null },
  { user: "ann", all: true },
  { user: "ann", digest: "0123abcd" },
  { digest: "0123abcd", all: false },
  ...DIGESTS.map((digest) => ({ digest })),
];
for (const which of BAD) {
  test(`${JSON.stringify(which)} does not`, () => {
    assert.equal(typeof parseEndSessions({ which }), "string");
  });
}

for (const user of [5, true, ["ann"], {}]) {
  test(`sessions of ${JSON.stringify(user)} are nobody's`, () => {
    assert.equal(typeof parseSessions({ user }), "string");
  });
}

test("sessions are asked for of all, or of one user", () => {
  assert.deepEqual(parseSessions({}), { command: "sessions", user: null });
  assert.deepEqual(parseSessions({ user: null }), { command: "sessions", user: null });
  assert.deepEqual(parseSessions({ user: "ann" }), { command: "sessions", user: "ann" });
});

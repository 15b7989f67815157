import assert from "node:assert/strict";
import { test } from "node:test";
import { endedText, sessionsText } from "./session-text.ts";

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;
const ANN = {
  digest: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
  user: "ann",
  createdMs: NOW_MS - 90 * MINUTE,
  usedMs: NOW_MS - 1000,
  expiresMs: NOW_MS + 30 * MINUTE - 1000,
  bytes: 2048,
};

test("sessions are aligned lines", () => {
  const stranger = { ...ANN, digest: "f".repeat(64), user: null, bytes: 7 };
  assert.equal(
    sessionsText({ total: 2, sessions: [ANN, stranger] }, NOW_MS),
    `id (SHA-256)      user   made            used     ends in      size
2c26b46b68ffc68f  "ann"  1 h 30 min ago  1 s ago  29 min 59 s  2.0 KiB
ffffffffffffffff  -      1 h 30 min ago  1 s ago  29 min 59 s  7 B
`,
  );
});

test("that there are none, or more, is said", () => {
  assert.equal(sessionsText({ total: 0, sessions: [] }, NOW_MS), "no sessions\n");
  const text = sessionsText({ total: 1501, sessions: [ANN] }, NOW_MS);
  assert.equal(text.split("\n")[2], "and 1500 more");
  assert.deepEqual([endedText(0), endedText(1)], ["ended 0 sessions\n", "ended 1 session\n"]);
});

test("users write nothing to the terminal but their names", () => {
  for (const user of ["\x1b[2J", "a\nffff  -", "\x9b1A", "\u202e"]) {
    const text = sessionsText({ total: 1, sessions: [{ ...ANN, user }] }, NOW_MS);
    assert.ok(!text.includes(user));
    assert.equal(text.split("\n").length, 3);
  }
  const dash = sessionsText({ total: 1, sessions: [{ ...ANN, user: "-" }] }, NOW_MS);
  assert.match(dash, / "-" /);
});

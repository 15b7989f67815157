import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { LineRelay } from "./line-relay.ts";
import type { Note } from "./orders.ts";

function relayed(context: TestContext): { relay: LineRelay; notes: Note[] } {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const notes: Note[] = [];
  return { relay: new LineRelay("access", (note) => notes.push(note)), notes };
}

test("the lines of a short while go together, in order", (context) => {
  const { relay, notes } = relayed(context);
  relay.write("a");
  relay.write("b");
  assert.deepEqual(notes, []);
  context.mock.timers.tick(50);
  assert.deepEqual(notes, [{ kind: "lines", log: "access", text: "a\nb\n", count: 2 }]);
  relay.write("c");
  context.mock.timers.tick(50);
  assert.equal(notes.length, 2);
});

test("many lines do not wait", (context) => {
  const { relay, notes } = relayed(context);
  for (let line = 0; line < 700; line += 1) relay.write("x".repeat(99));
  assert.equal(notes.length, 1);
  assert.equal(notes[0]!.count, Math.ceil(65_536 / 100));
  context.mock.timers.tick(50);
  assert.equal(
    notes.reduce((sum, { count }) => sum + count, 0),
    700,
  );
});

test("flush sends what waits, once; nothing where nothing does", (context) => {
  const { relay, notes } = relayed(context);
  relay.flush();
  relay.write("a");
  relay.flush();
  relay.flush();
  context.mock.timers.tick(500);
  assert.equal(notes.length, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { selfTimes } from "./cpu-profile.ts";

function node(id: number, functionName: string, url = "", lineNumber = -1) {
  return { id, callFrame: { functionName, url, lineNumber } };
}

test("time is a function's own, summed over all ways to it, most first", () => {
  const nodes = [
    node(1, "feed", "file:///a/b/src/protocol/http1/parser.ts", 9),
    node(2, "write", "node:net", 4),
    node(3, "feed", "file:///a/b/src/protocol/http1/parser.ts", 9),
    node(4, "", "file:///a/b/src/cli/main.ts", 0),
    node(5, "(program)"),
  ];
  const profile = { nodes, samples: [1, 2, 3, 4, 5], timeDeltas: [10, 25, 20, 5, 1] };
  assert.deepEqual(selfTimes(profile), [
    { place: "feed src/protocol/http1/parser.ts:10", microseconds: 30 },
    { place: "write node:net:5", microseconds: 25 },
    { place: "(anonymous) src/cli/main.ts:1", microseconds: 5 },
    { place: "(program)", microseconds: 1 },
  ]);
});

test("a function of the same name in another place is another", () => {
  const nodes = [node(1, "feed", "file:///src/a.ts", 1), node(2, "feed", "file:///src/a.ts", 2)];
  assert.equal(selfTimes({ nodes, samples: [1, 2], timeDeltas: [1, 1] }).length, 2);
});

test("what was idle is left out, and of nothing comes nothing", () => {
  const idle = { nodes: [node(1, "(idle)")], samples: [1, 1], timeDeltas: [5, 5] };
  assert.deepEqual(selfTimes(idle), []);
  assert.deepEqual(selfTimes({ nodes: [], samples: [], timeDeltas: [] }), []);
});

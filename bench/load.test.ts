import assert from "node:assert/strict";
import { test } from "node:test";
import { complaintAbout, type Count, countIn } from "./load.ts";

const GOOD: Count = {
  requests: 1000,
  bytes: 1_300_000,
  p99: 900,
  max: 1200,
  refused: 0,
  broken: 0,
  statusErrors: 0,
};
const ANSWER = { status: 200, wireBytes: 1290, connections: 32 };

test("wrk's report is found among what it prints", () => {
  const output = `Running 1s test\n  1000 requests in 1.00s\n\n@${JSON.stringify(GOOD)}\n`;
  assert.deepEqual(countIn(output), GOOD);
});

for (const output of ["", "1000 requests in 1.00s\n", "@\n", "unable to connect\n"]) {
  test(`${JSON.stringify(output)} is no report`, () => assert.throws(() => countIn(output)));
}

test("a round of the right answers is no complaint", () => {
  assert.equal(complaintAbout(GOOD, ANSWER), null);
  assert.equal(complaintAbout({ ...GOOD, statusErrors: 1000 }, { ...ANSWER, status: 404 }), null);
});

test("what was under way at the end is no complaint", () => {
  const few = { ...GOOD, requests: 3, bytes: 5 * 100_000_000 };
  assert.equal(complaintAbout(few, { status: 200, wireBytes: 1e8, connections: 2 }), null);
});

const BAD: { name: string; count: Partial<Count>; status?: number; complaint: RegExp }[] = [
  { name: "no answers", count: { requests: 0, bytes: 0 }, complaint: /no answer/u },
  { name: "one refused connection", count: { refused: 1 }, complaint: /1 connections refused/u },
  { name: "one broken connection", count: { broken: 1 }, complaint: /1 broken/u },
  { name: "one error among files", count: { statusErrors: 1 }, complaint: /1 of 1000/u },
  {
    name: "one file among errors",
    count: { statusErrors: 999 },
    status: 404,
    complaint: /999 of 1000/u,
  },
  { name: "whole files where 304s were due", count: { bytes: 9e6 }, complaint: /9000 bytes/u },
  { name: "small pages where files were due", count: { bytes: 2e5 }, complaint: /200 bytes/u },
];
for (const { name, count, status = 200, complaint } of BAD) {
  test(`${name}: the round does not count`, () => {
    assert.match(complaintAbout({ ...GOOD, ...count }, { ...ANSWER, status }) ?? "", complaint);
  });
}

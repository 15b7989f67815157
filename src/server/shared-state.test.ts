import assert from "node:assert/strict";
import { test } from "node:test";
import { CounterRow, countedBy, forgetWorker, sharedState } from "./shared-state.ts";
import { Traffic } from "./traffic.ts";

const counters = { accepted: 3, refused: 1, requests: 10, sentBytes: 2 ** 40, receivedBytes: 5 };

test("what a worker counts is in its own row", () => {
  const shared = sharedState(3);
  new CounterRow(shared, 1).write(counters, 2);
  assert.deepEqual(countedBy(shared, 1), { ...counters, connections: 2 });
  for (const other of [0, 2]) assert.equal(countedBy(shared, other).requests, 0);
});

test("a worker that was replaced goes on from what its place had, without its connections", () => {
  const shared = sharedState(1);
  new CounterRow(shared, 0).write(counters, 7);
  forgetWorker(shared, 0);
  assert.equal(countedBy(shared, 0).connections, 0);
  const row = new CounterRow(shared, 0);
  row.write({ accepted: 1, refused: 0, requests: 2, sentBytes: 4, receivedBytes: 0 }, 1);
  assert.deepEqual(countedBy(shared, 0), {
    accepted: 4,
    refused: 1,
    requests: 12,
    sentBytes: 2 ** 40 + 4,
    receivedBytes: 5,
    connections: 1,
  });
});

test("totals are the sum of all workers, rates what came since the sample so long ago", () => {
  const shared = sharedState(2);
  let nowMs = 0;
  const traffic = new Traffic(shared, 2, () => nowMs);
  const rows = [new CounterRow(shared, 0), new CounterRow(shared, 1)];
  for (let second = 5; second <= 120; second += 5) {
    nowMs = second * 1000;
    const busy = second > 90 ? second - 90 : 0; // 2 requests a second in each, from 90 s on
    for (const row of rows) row.write({ ...counters, requests: 2 * busy, sentBytes: busy }, 1);
    traffic.sample();
  }
  traffic.stop();
  assert.equal(traffic.totals().requests, 120);
  assert.equal(traffic.totals().accepted, 6);
  assert.equal(traffic.rates(10).requestsPerSecond, 4);
  assert.equal(traffic.rates(10).sentBytesPerSecond, 2);
  assert.equal(traffic.rates(60).requestsPerSecond, 2);
});

test("rates of a server that has just begun are over what it ran", () => {
  const shared = sharedState(1);
  let nowMs = 0;
  const traffic = new Traffic(shared, 1, () => nowMs);
  assert.deepEqual(traffic.rates(60), { requestsPerSecond: 0, sentBytesPerSecond: 0 });
  nowMs = 2000;
  new CounterRow(shared, 0).write(counters, 1);
  assert.equal(traffic.rates(60).requestsPerSecond, 5);
  traffic.stop();
});

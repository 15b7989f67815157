import assert from "node:assert/strict";
import { test } from "node:test";
import { Admission, clientOf } from "./admission.ts";

test("beyond the bound nobody enters until somebody leaves", () => {
  const admission = new Admission({ connections: 2, connectionsPerAddress: 0 });
  assert.equal(admission.tryEnter("192.0.2.1"), true);
  assert.equal(admission.tryEnter("192.0.2.2"), true);
  assert.equal(admission.tryEnter("192.0.2.3"), false);
  admission.leave("192.0.2.1");
  assert.equal(admission.tryEnter("192.0.2.3"), true);
  assert.deepEqual([admission.open, admission.refused], [2, 1]);
});

test("one address is held to its own bound, the others are not", () => {
  const admission = new Admission({ connections: 10, connectionsPerAddress: 2 });
  assert.equal(admission.tryEnter("192.0.2.1"), true);
  assert.equal(admission.tryEnter("::ffff:192.0.2.1"), true);
  assert.equal(admission.tryEnter("192.0.2.1"), false);
  assert.equal(admission.tryEnter("192.0.2.10"), true);
  assert.deepEqual([admission.open, admission.refused], [3, 1]);
});

test("who is refused for the total leaves no trace in the count of its address", () => {
  const admission = new Admission({ connections: 1, connectionsPerAddress: 1 });
  admission.tryEnter("192.0.2.1");
  for (let time = 0; time < 5; time += 1) assert.equal(admission.tryEnter("192.0.2.2"), false);
  admission.leave("192.0.2.1");
  assert.equal(admission.tryEnter("192.0.2.2"), true);
});

test("bounds of 0 are none", () => {
  const admission = new Admission({ connections: 0, connectionsPerAddress: 0 });
  for (let time = 0; time < 1000; time += 1) assert.equal(admission.tryEnter("192.0.2.1"), true);
  assert.equal(admission.clients, 0);
});

test("connections of a unix socket are not of one address", () => {
  const admission = new Admission({ connections: 3, connectionsPerAddress: 1 });
  for (let time = 0; time < 3; time += 1) assert.equal(admission.tryEnter(""), true);
  assert.equal(admission.tryEnter(""), false);
});

test("when all have left, nothing is remembered", () => {
  const admission = new Admission({ connections: 0, connectionsPerAddress: 4 });
  const addresses = Array.from({ length: 500 }, (_, at) => `2001:db8:${at.toString(16)}::1`);
  for (const address of addresses) assert.equal(admission.tryEnter(address), true);
  assert.equal(admission.clients, 500);
  for (const address of addresses) admission.leave(address);
  assert.deepEqual([admission.clients, admission.open], [0, 0]);
});

const SAME = [
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"],
  ["2001:db8:1:2::1", "2001:0DB8:0001:0002:0000::9"],
  ["2001:db8::1", "2001:db8:0:0:1::"],
  ["::1", "::2"],
  ["fe80::1%eth0", "fe80::2%eth1"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
];
for (const [one, other] of SAME) {
  test(`${one} and ${other} are one client`, () => {
    assert.equal(clientOf(one!), clientOf(other!));
  });
}

const DIFFERENT = [
  ["2001:db8:1:2::1", "2001:db8:1:3::1"],
  ["2001:db8::1", "2001:db8:0:1::1"],
  ["1::", "::1"],
  ["2001:db8:1::2:3:4:5", "2001:db8:1:2:3:4:5:6"],
  ["10.0.0.1", "10.0.0.2"],
  ["::ffff:10.0.0.1", "::ffff:10.0.0.2"],
  ["::10.0.0.1", "10.0.0.1"],
];
for (const [one, other] of DIFFERENT) {
  test(`${one} and ${other} are two clients`, () => {
    assert.notEqual(clientOf(one!), clientOf(other!));
  });
}

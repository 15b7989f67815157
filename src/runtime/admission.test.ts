import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Admission, clientOf } from "./admission.ts";
import { LocalCounts } from "./client-counts/index.ts";

function admissionOf(connections: number, connectionsPerAddress: number): Admission {
  return new Admission({ limits: { connections, connectionsPerAddress } });
}

/** Enters, and says whether it got in. */
function enters(admission: Admission, address: string): boolean {
  return admission.tryEnter(address) !== null;
}

test("beyond the bound nobody enters until somebody leaves", () => {
  const admission = admissionOf(2, 0);
  const first = admission.tryEnter("192.0.2.1");
  assert.ok(first !== null);
  assert.ok(enters(admission, "192.0.2.2"));
  assert.ok(!enters(admission, "192.0.2.3"));
  admission.leave(first);
  assert.ok(enters(admission, "192.0.2.3"));
  assert.deepEqual([admission.open, admission.refused], [2, 1]);
});

test("one address is held to its own bound, the others are not", () => {
  const admission = admissionOf(10, 2);
  assert.ok(enters(admission, "192.0.2.1"));
  assert.ok(enters(admission, "::ffff:192.0.2.1"));
  assert.ok(!enters(admission, "192.0.2.1"));
  assert.ok(enters(admission, "192.0.2.10"));
  assert.deepEqual([admission.open, admission.refused], [3, 1]);
});

test("who is refused for the total leaves no trace in the count of its address", () => {
  const admission = admissionOf(1, 1);
  const first = admission.tryEnter("192.0.2.1")!;
  for (let time = 0; time < 5; time += 1) assert.ok(!enters(admission, "192.0.2.2"));
  admission.leave(first);
  assert.ok(enters(admission, "192.0.2.2"));
});

test("bounds of 0 are none, and count no clients", () => {
  const counts = new LocalCounts();
  const limits = { connections: 0, connectionsPerAddress: 0 };
  const admission = new Admission({ limits, counts });
  for (let time = 0; time < 1000; time += 1) assert.ok(enters(admission, "192.0.2.1"));
  assert.equal(counts.clients, 0);
});

test("connections of a unix socket are not of one address", () => {
  const admission = admissionOf(3, 1);
  for (let time = 0; time < 3; time += 1) assert.ok(enters(admission, ""));
  assert.ok(!enters(admission, ""));
});

test("when all have left, nothing is remembered", () => {
  const counts = new LocalCounts();
  const limits = { connections: 0, connectionsPerAddress: 4 };
  const admission = new Admission({ limits, counts });
  const addresses = Array.from({ length: 500 }, (_, at) => `2001:db8:${at.toString(16)}::1`);
  const tokens = addresses.map((address) => admission.tryEnter(address));
  assert.equal(counts.clients, 500);
  for (const token of tokens) admission.leave(token!);
  assert.deepEqual([counts.clients, admission.open], [0, 0]);
});

const BOUNDS = [
  { connections: 0, descriptorsMax: null, max: Infinity },
  { connections: 0, descriptorsMax: 900, max: 900 },
  { connections: 500, descriptorsMax: 900, max: 500 },
  { connections: 5000, descriptorsMax: 900, max: 900 },
  { connections: 5000, descriptorsMax: 0, max: 0 },
];
for (const { connections, descriptorsMax, max } of BOUNDS) {
  test(`${connections} connections over ${descriptorsMax} descriptors are ${max}`, () => {
    const limits = { connections, connectionsPerAddress: 0 };
    assert.equal(new Admission({ limits, descriptorsMax }).connectionsMax, max);
  });
}

test("descriptors bound connections where the limits do not", () => {
  const limits = { connections: 0, connectionsPerAddress: 0 };
  const admission = new Admission({ limits, descriptorsMax: 1 });
  assert.ok(enters(admission, ""));
  assert.ok(!enters(admission, ""));
});

test("a lower limit cuts nobody off, and lets nobody in until enough have left", () => {
  const admission = admissionOf(3, 0);
  const tokens = Array.from({ length: 3 }, () => admission.tryEnter("192.0.2.1")!);
  admission.limits = { connections: 2, connectionsPerAddress: 0 };
  assert.equal(admission.open, 3);
  admission.leave(tokens.pop()!);
  assert.ok(!enters(admission, "192.0.2.1"));
  admission.leave(tokens.pop()!);
  assert.ok(enters(admission, "192.0.2.1"));
});

test("who entered uncounted is not taken off when limits begin, nor counted when they end", () => {
  const counts = new LocalCounts();
  const off = { connections: 0, connectionsPerAddress: 0 };
  const one = { connections: 0, connectionsPerAddress: 1 };
  const admission = new Admission({ limits: off, counts });
  const uncounted = admission.tryEnter("192.0.2.1")!;
  admission.limits = one;
  const counted = admission.tryEnter("192.0.2.1")!;
  admission.leave(uncounted);
  assert.ok(!enters(admission, "192.0.2.1"));
  admission.limits = off;
  admission.leave(counted);
  assert.deepEqual([counts.clients, admission.open], [0, 0]);
});

test("over all changes of limits, counts are right when everybody has left", () => {
  const changes = fc.record({
    connectionsPerAddress: fc.nat(3),
    client: fc.nat(2),
    leaves: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 60 }), (steps) => {
      const counts = new LocalCounts();
      const admission = new Admission({
        limits: { connections: 0, connectionsPerAddress: 0 },
        counts,
      });
      const inside: string[] = [];
      for (const { connectionsPerAddress, client, leaves } of steps) {
        admission.limits = { connections: 5, connectionsPerAddress };
        const token = admission.tryEnter(`192.0.2.${client}`);
        if (token !== null) inside.push(token);
        if (leaves && inside.length > 0) admission.leave(inside.shift()!);
        assert.equal(admission.open, inside.length);
        assert.ok(admission.open <= 5);
      }
      for (const token of inside) admission.leave(token);
      assert.deepEqual([counts.clients, admission.open], [0, 0]);
    }),
  );
});

test("counts that have no room for a client let it in, and out again", () => {
  const left: string[] = [];
  const counts = {
    enter: () => "uncounted" as const,
    leave: (client: string) => left.push(client),
  };
  const limits = { connections: 0, connectionsPerAddress: 1 };
  const admission = new Admission({ limits, counts });
  admission.leave(admission.tryEnter("192.0.2.1")!);
  assert.deepEqual([left, admission.open, admission.refused], [[], 0, 0]);
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

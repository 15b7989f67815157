import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionValues } from "./session-values.ts";

function begun(loaded: Record<string, string>, bytesMax = 1000, user: string | null = null) {
  const values = new SessionValues(bytesMax);
  values.begin(new Map(Object.entries(loaded)), user);
  return values;
}

test("changes lie over what was loaded, which stays as it is", () => {
  const loaded = new Map([
    ["a", "1"],
    ["b", "2"],
  ]);
  const values = new SessionValues(1000);
  values.begin(loaded, null);
  values.set("a", "3");
  values.set("c", "4");
  values.delete("b");
  assert.deepEqual(
    ["a", "b", "c"].map((key) => values.get(key)),
    ["3", undefined, "4"],
  );
  assert.deepEqual(values.keys(), ["a", "c"]);
  assert.deepEqual(
    [...values.changes],
    [
      ["a", "3"],
      ["c", "4"],
      ["b", null],
    ],
  );
  assert.deepEqual(
    [...loaded],
    [
      ["a", "1"],
      ["b", "2"],
    ],
  );
});

test("what changes nothing is no change, and what was changed back is one", () => {
  const values = begun({ a: "1" });
  values.set("a", "1");
  values.delete("b");
  values.set("c", "2");
  values.delete("c");
  assert.equal(values.changes.size, 0);
  values.set("a", "2");
  values.set("a", "1");
  assert.deepEqual([...values.changes], [["a", "1"]]);
  values.delete("a");
  values.set("a", "1");
  assert.deepEqual([...values.changes], [["a", "1"]]);
});

test("keys, values and the user count as bytes of UTF-8", () => {
  // `"é"` is 4 bytes as a JSON text, and 4 more as a key.
  begun({}, 8).set("é", '"é"');
  assert.throws(() => begun({}, 7).set("é", '"é"'), RangeError);
  begun({ a: "1" }, 12, "ann").set("b", "2");
  assert.throws(() => begun({ a: "1" }, 10, "ann").set("b", "2"), RangeError);
});

test("what is taken away makes room, and what is refused takes none", () => {
  const values = begun({ a: "1".repeat(90) }, 100);
  assert.throws(() => values.set("b", "1".repeat(10)), RangeError);
  assert.throws(() => values.set("a", "1".repeat(98)), RangeError);
  values.set("a", "1".repeat(97));
  values.delete("a");
  values.set("b", "1".repeat(97));
  assert.throws(() => values.set("c", "1"), RangeError);
  assert.deepEqual(values.keys(), ["b"]);
});

test("what was too large when it was loaded may shrink", () => {
  const values = begun({ a: "1".repeat(200) }, 100);
  values.set("a", "1".repeat(150));
  assert.throws(() => values.set("a", "1".repeat(151)), RangeError);
});

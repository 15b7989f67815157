import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { fieldsOf } from "../../testing/index.ts";
import type { Fields } from "../../protocol/index.ts";
import { NativeHeaders } from "./native-web.ts";
import { LightHeaders } from "./request-headers.ts";

function lightOf(lines: Readonly<Record<string, string>>): Headers {
  return new LightHeaders(fieldsOf(lines)) as unknown as Headers;
}

const LINES = { Accept: "x/y", "X-Odd": "é", Host: "a.test" };

test("it is what Node's own is", () => {
  const [light, native] = [lightOf(LINES), new NativeHeaders(LINES)];
  assert.ok(light instanceof NativeHeaders);
  assert.deepEqual([...light], [...native]);
  assert.deepEqual([...light.keys()], [...native.keys()]);
  assert.deepEqual([...light.values()], [...native.values()]);
  assert.deepEqual([...new NativeHeaders(light)], [...native]);
  assert.deepEqual(Object.fromEntries(light), Object.fromEntries(native));
  assert.deepEqual(light.getSetCookie(), []);
});

test("it is printed as Node's own is", () => {
  assert.match(inspect(lightOf(LINES)), /^Headers \{.*Accept: 'x\/y'/s);
});

for (const name of ["accept", "ACCEPT", "x-odd", "none", "__proto__", "constructor"]) {
  test(`${name} is found as Node's own finds it, before and behind a change`, () => {
    const [light, native] = [lightOf(LINES), new NativeHeaders(LINES)];
    assert.equal(light.get(name), native.get(name));
    assert.equal(light.has(name), native.has(name));
    light.append("X-More", "1");
    assert.equal(light.get(name), native.get(name));
    assert.equal(light.has(name), native.has(name));
    assert.equal(light.get("x-more"), "1");
  });
}

for (const name of ["", " ", "a b", "a\n", "é", "a:"]) {
  test(`${JSON.stringify(name)} is no name`, () => {
    assert.throws(() => lightOf(LINES).get(name), TypeError);
    assert.throws(() => lightOf(LINES).has(name), TypeError);
  });
}

test("cookies of several lines are one list of cookies", () => {
  const fields: Fields = {
    ...fieldsOf({ Cookie: "a=1" }),
    all: (name) => (name === "cookie" ? ["a=1", "b=2"] : []),
  };
  const light = new LightHeaders(fields);
  assert.equal(light.get("Cookie"), "a=1; b=2");
  assert.equal(new LightHeaders(fieldsOf({})).get("cookie"), null);
});

test("what is changed is changed, and what was not asked for is still there", () => {
  const light = lightOf(LINES);
  light.set("accept", "a/b");
  light.delete("host");
  assert.deepEqual(
    [...light],
    [
      ["accept", "a/b"],
      ["x-odd", "é"],
    ],
  );
});

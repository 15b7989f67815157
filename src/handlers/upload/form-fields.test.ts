import assert from "node:assert/strict";
import { test } from "node:test";
import { FormFields } from "./form-fields.ts";

function fieldsOf(pairs: readonly (readonly [name: string, ...pieces: string[]])[]): FormFields {
  const fields = new FormFields(1000);
  for (const [name, ...pieces] of pairs) {
    assert.equal(fields.begin(name), null);
    for (const piece of pieces) assert.equal(fields.add(Buffer.from(piece)), null);
    fields.end();
  }
  return fields;
}

test("values come in pieces; what occurs more than once is a list, in order", () => {
  const fields = fieldsOf([["a", "1", "2"], ["b"], ["a", "3"], ["", "x"]]);
  assert.equal(JSON.stringify(fields), '{"a":["12","3"],"b":"","":"x"}');
});

for (const name of ["__proto__", "constructor", "toString", "toJSON", "length"]) {
  test(`${name} is a name like any other`, () => {
    const told = JSON.parse(JSON.stringify(fieldsOf([[name, "x"]]))) as object;
    assert.deepEqual(Object.entries(told), [[name, "x"]]);
    assert.equal(Object.getPrototypeOf(fieldsOf([[name, "x"]]).toJSON()), Object.prototype);
    assert.equal(({} as Record<string, unknown>)["x"], undefined);
  });
}

test("a piece is its giver's again", () => {
  const piece = Buffer.from("mine");
  const fields = new FormFields(100);
  fields.begin("a");
  fields.add(piece);
  piece.fill(0);
  fields.end();
  assert.equal(JSON.stringify(fields), '{"a":"mine"}');
});

test("a character that is cut in two pieces is whole again; what is none is replaced", () => {
  const fields = new FormFields(100);
  fields.begin("a");
  for (const byte of Buffer.from("é")) fields.add(Buffer.of(byte));
  fields.add(Buffer.of(0xff));
  fields.end();
  assert.equal(JSON.stringify(fields), '{"a":"é\uFFFD"}');
});

test("names and values are bounded together, to the byte", () => {
  const fields = new FormFields(10);
  assert.equal(fields.begin("éé"), null);
  assert.equal(fields.add(Buffer.from("123456")), null);
  assert.equal(fields.add(Buffer.from("7"))?.code, "fieldsTooLarge");
  assert.equal(new FormFields(10).begin("12345678901")?.code, "fieldsTooLarge");
});

const TEXTS: readonly [text: string, told: string][] = [
  ["a=1&b=2", '{"a":"1","b":"2"}'],
  ["a=1&a=2", '{"a":["1","2"]}'],
  ["a+b=%26+c", '{"a b":"& c"}'],
  ["%C3%A9=%FF", '{"é":"\uFFFD"}'],
  ["a", '{"a":""}'],
  ["=x", '{"":"x"}'],
  ["a=%zz&%", '{"a":"%zz","%":""}'],
  ["&&", "{}"],
  ["", "{}"],
  ["__proto__=x", '{"__proto__":"x"}'],
];
for (const [text, told] of TEXTS) {
  test(`${JSON.stringify(text)} is read as ${told}`, () => {
    const fields = new FormFields(1000);
    assert.equal(fields.read(text), null);
    assert.equal(JSON.stringify(fields), told);
    assert.equal(fields.isEmpty, told === "{}");
  });
}

test("more than a thousand fields are too many", () => {
  const text = Array.from({ length: 1000 }, () => "a=").join("&");
  assert.equal(new FormFields(1e6).read(text), null);
  assert.equal(new FormFields(1e6).read(`${text}&a=`)?.code, "fieldsTooLarge");
});

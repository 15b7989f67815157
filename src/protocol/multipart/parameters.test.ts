import assert from "node:assert/strict";
import { test } from "node:test";
import { readParameters } from "./parameters.ts";

const read = (text: string) => readParameters(text, 0)?.map(({ name, value }) => [name, value]);

const GOOD: [text: string, parameters: string[][]][] = [
  ["", []],
  [" \t", []],
  [";", []],
  ["; ;\t;", []],
  ["; a=b", [["a", "b"]]],
  [
    ";A=b ; c=D",
    [
      ["a", "b"],
      ["c", "D"],
    ],
  ],
  ['; a=""', [["a", ""]]],
  ['; a="x; b=y"', [["a", "x; b=y"]]],
  [String.raw`; a="\"\\"`, [["a", String.raw`"\ `.trimEnd()]]],
  [String.raw`; a="C:\me\a.txt"`, [["a", String.raw`C:\me\a.txt`]]],
  ["; a=x[y]/:@,=z", [["a", "x[y]/:@,=z"]]],
  [
    "; a=1; a=2",
    [
      ["a", "1"],
      ["a", "2"],
    ],
  ],
];
for (const [text, parameters] of GOOD) {
  test(`${JSON.stringify(text)} is read`, () => assert.deepEqual(read(text), parameters));
}

const BAD = ["a", "=", "; a", "; =b", "; a=", "; a= b", "; a =b", "; a=b c", '; a=b"c', '; a="b'];
const WORSE = ['; a="b"c', '; a="b\\"', "; a=b\\c", "; a=b\x7f", '; a="\0"', '; a="\n"', "; é=b"];
for (const text of [...BAD, ...WORSE]) {
  test(`${JSON.stringify(text)} is not`, () => assert.equal(read(text), undefined));
}

test("what stands before the start is not looked at", () => {
  assert.deepEqual(readParameters('form"-data; a=b', 10), [
    { name: "a", value: "b", quoted: false },
  ]);
});

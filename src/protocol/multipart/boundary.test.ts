import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { multipartBoundary } from "./boundary.ts";

const GOOD = [
  ["multipart/form-data; boundary=x", "x"],
  ["Multipart/Form-Data;BOUNDARY=x", "x"],
  ['multipart/form-data; boundary="a b"', "a b"],
  ["multipart/form-data; boundary=----=_Part_0_15:2", "----=_Part_0_15:2"],
  ["multipart/form-data; boundary='()+_-./:=?", "'()+_-./:=?"],
  ['multipart/form-data; x="; boundary=y"; boundary=x; charset=UTF-8;', "x"],
  [`multipart/form-data; boundary=${"b".repeat(70)}`, "b".repeat(70)],
] as const;
for (const [contentType, boundary] of GOOD) {
  test(`${contentType} has a boundary`, () => {
    assert.equal(multipartBoundary(contentType), boundary);
  });
}

const BAD = [
  "",
  "multipart/form-data",
  "multipart/form-data;",
  "multipart/mixed; boundary=x",
  "multipart/form-data-x; boundary=x",
  "multipart/form-data, multipart/form-data; boundary=x",
  "multipart/form-data; boundary",
  "multipart/form-data; boundary=",
  'multipart/form-data; boundary=""',
  'multipart/form-data; boundary="x ',
  'multipart/form-data; boundary="x "',
  'multipart/form-data; boundary="x\ty"',
  'multipart/form-data; boundary="x\\"y"',
  "multipart/form-data; boundary=x y",
  "multipart/form-data; boundary = x",
  "multipart/form-data; boundary=x; boundary=x",
  "multipart/form-data; boundary=x; Boundary=y",
  "multipart/form-data; boundary=x, multipart/form-data; boundary=y",
  "multipart/form-data; boundary=x,text/plain",
  "multipart/form-data; boundary=x\r\n",
  "multipart/form-data; boundary=é",
  "multipart/form-data; boundary=x{y}",
  `multipart/form-data; boundary=${"b".repeat(71)}`,
];
for (const contentType of BAD) {
  test(`${JSON.stringify(contentType)} has none that is used`, () => {
    const failure = multipartBoundary(contentType);
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, "boundaryMalformed");
  });
}

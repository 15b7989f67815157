import assert from "node:assert/strict";
import { test } from "node:test";
import { pngWith } from "../../testing/index.ts";
import { acceptComplaint, isAccepted, mayBeAccepted, typeOf } from "./accept.ts";

const PNG = pngWith();
const GIF = Buffer.from("GIF89a\x01\0\x01\0\0\0\0;<?php", "latin1");
const HTML = Buffer.from("<!DOCTYPE html><p>");
const TEXT = Buffer.from("words");
const NONE = Buffer.alloc(0);

type Look = readonly [first: Buffer, declared: string | null, name: string];

const TAKEN: readonly [look: Look, accept: readonly string[]][] = [
  [[PNG, "image/png", "a.png"], ["image/png"]],
  [[PNG, "IMAGE/PNG; q=1", "a.png"], ["image/*"]],
  [[PNG, null, "a.png"], ["image/*"]],
  [[PNG, null, ""], ["image/*"]],
  [[PNG, "application/octet-stream", "a"], ["image/*"]],
  [[PNG, "image/png", "called.jpg"], ["image/*"]],
  [[PNG, "image/png", "a.unknown-ending"], ["image/*"]],
  [[TEXT, "text/csv", "a.csv"], ["text/*"]],
  [[TEXT, "application/json", "a.txt"], ["application/json"]],
  [[NONE, "text/plain", "a.txt"], ["text/plain"]],
  [[HTML, "image/png", "a.png"], []],
];
for (const [[first, declared, name], accept] of TAKEN) {
  test(`${name} as ${declared} is taken where ${accept.join() || "anything"} is`, () => {
    assert.equal(isAccepted({ first, declared, name }, accept), true);
    assert.equal(mayBeAccepted({ declared, name }, accept), true);
  });
}

const REFUSED: readonly [what: string, look: Look, accept: readonly string[]][] = [
  ["HTML as a picture", [HTML, "image/png", "a.png"], ["image/*"]],
  ["HTML that is only called a picture", [HTML, null, "a.png"], ["image/*"]],
  ["HTML as it is", [HTML, "text/html", "a.html"], ["image/*"]],
  ["a picture as another", [PNG, "image/jpeg", "a.jpg"], ["image/*"]],
  ["a picture that is called another, and nothing else", [PNG, null, "a.jpg"], ["image/*"]],
  ["a picture as HTML", [PNG, "text/html", "a.png"], ["image/*"]],
  ["a picture that is called a page", [PNG, "image/png", "a.html"], ["image/*"]],
  ["a picture that is called a script", [GIF, "image/gif", "a.php"], ["image/*"]],
  ["a picture that is called a drawing", [PNG, "image/png", "a.svg"], ["image/*"]],
  ["a picture as something nobody knows", [PNG, "x/y", "a.png"], ["image/*"]],
  ["nothing as a picture", [NONE, "image/png", "a.png"], ["image/*"]],
  ["nothing at all", [NONE, null, ""], ["image/*"]],
  ["a drawing", [Buffer.from("<svg>"), "image/svg+xml", "a.svg"], ["image/*"]],
  ["a picture as text", [PNG, "text/plain", "a.txt"], ["text/*"]],
  ["JSON as text", [Buffer.from("{}"), "text/plain", "a.json"], ["application/json"]],
];
for (const [what, [first, declared, name], accept] of REFUSED) {
  test(`${what} is not taken where ${accept.join()} is`, () => {
    assert.equal(isAccepted({ first, declared, name }, accept), false);
  });
}

const TOLD: readonly [declared: string | null, name: string][] = [
  ["text/html", "a.png"],
  ["image/svg+xml", "a.png"],
  ["image/png", "a.html"],
  [null, "a.html"],
  ["x/y", "a"],
];
for (const [declared, name] of TOLD) {
  test(`${name} as ${declared} is no picture, whatever is in it`, () => {
    assert.equal(mayBeAccepted({ declared, name }, ["image/*"]), false);
  });
}

for (const name of ["a.phtml", "a.PHP5", "a.phar", "a.jsp", "a.aspx", "a.py", "a.exe", "a.hta"]) {
  test(`a picture called ${name} is taken where anything is, and not where pictures are`, () => {
    assert.equal(mayBeAccepted({ declared: "image/png", name }, ["image/*"]), false);
    assert.equal(mayBeAccepted({ declared: "image/png", name }, ["image/*", "*/*"]), true);
    assert.equal(mayBeAccepted({ declared: "image/png", name: `${name}.png` }, ["image/*"]), true);
  });
}

const TYPES: readonly [look: Look, type: string][] = [
  [[PNG, null, ""], "image/png"],
  [[PNG, "text/html", "a.html"], "image/png"],
  [[HTML, "image/png", "a.png"], "text/html"],
  [[TEXT, "text/markdown", "a"], "text/markdown"],
  [[TEXT, null, "a.csv"], "text/csv"],
  [[Buffer.of(0, 1), null, "a"], "application/octet-stream"],
  [[Buffer.of(0, 1), "x/y", "a"], "x/y"],
];
for (const [[first, declared, name], type] of TYPES) {
  test(`${JSON.stringify(first.toString("latin1", 0, 4))} as ${declared} is ${type}`, () => {
    assert.equal(typeOf({ first, declared, name }), type);
  });
}

for (const pattern of ["image/png", "image/*", "*/*", "application/vnd.ms-excel", "a/b+xml"]) {
  test(`a route may take ${pattern}`, () => assert.equal(acceptComplaint(pattern), null));
}
for (const pattern of ["", "png", ".png", "image", "image/", "*/png", "Image/PNG", "a/b; q=1"]) {
  test(`a route can't take ${JSON.stringify(pattern)}`, () => {
    assert.match(acceptComplaint(pattern)!, /lower case/);
  });
}

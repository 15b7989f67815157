import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf } from "../testing/index.ts";
import type { Answer } from "./answer.ts";
import { storedByForm, storedByPut } from "./stored-answer.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

function answer(text: string, fields: Readonly<Record<string, string>> = {}): Answer {
  return { status: 201, reason: "", fields: fieldsOf(fields), text, early: false };
}

test("a form's answer names each file", () => {
  const files = [
    { name: "a.png", path: "/uploads/a.png", size: 1, type: "image/png", sha256: A.toUpperCase() },
    { name: "b.png", path: "/uploads/b.png", size: 1, sha256: A, receivedSha256: B },
    { name: "c.png" },
  ];
  const text = JSON.stringify({ status: "success", message: "fine", files, fields: {} });
  assert.deepEqual(storedByForm(answer(text)), [
    { path: "/uploads/a.png", sha256: A, receivedSha256: null },
    { path: "/uploads/b.png", sha256: A, receivedSha256: B },
    { path: "c.png", sha256: null, receivedSha256: null },
  ]);
});

const NO_FORM_ANSWERS = [
  "",
  "<html>",
  "null",
  "[]",
  '"success"',
  '{"status":"success"}',
  '{"status":"success","files":{}}',
  '{"status":"success","files":[null]}',
  '{"status":"success","files":["a"]}',
  '{"status":"error","files":[]}',
  '{"files":[]}',
  '{"status":"success","files":[]',
  "[".repeat(100_000),
  '{"__proto__":{"status":"success","files":[]}}',
];
for (const text of NO_FORM_ANSWERS) {
  test(`${text.slice(0, 60)} is no answer to a form`, () => {
    assert.equal(storedByForm(answer(text)), null);
  });
}

test("what has the wrong type is not there", () => {
  const files = [{ name: 5, path: ["x"], sha256: 7, receivedSha256: "zz" }];
  assert.deepEqual(storedByForm(answer(JSON.stringify({ status: "success", files }))), [
    { path: null, sha256: null, receivedSha256: null },
  ]);
});

test("a PUT's digest comes from its field first, else from JSON", () => {
  const field = `sha-256=:${Buffer.from(B, "hex").toString("base64")}:`;
  const text = JSON.stringify({ status: "success", filepath: "/up/x", sha256: A });
  assert.deepEqual(storedByPut(answer(text, { "Repr-Digest": field })), {
    path: "/up/x",
    sha256: B,
    receivedSha256: null,
  });
  assert.equal(storedByPut(answer(text)).sha256, A);
  const listed = JSON.stringify({ files: [{ path: "/up/y", sha256: A, receivedSha256: B }] });
  assert.deepEqual(storedByPut(answer(listed)), {
    path: "/up/y",
    sha256: A,
    receivedSha256: B,
  });
});

for (const text of ["", "<title>x</title>", "[1]", '{"files":[]}', '{"files":[5]}']) {
  test(`a PUT answered with ${JSON.stringify(text)} names nothing`, () => {
    const nothing = { path: null, sha256: null, receivedSha256: null };
    assert.deepEqual(storedByPut(answer(text)), nothing);
  });
}

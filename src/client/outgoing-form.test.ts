import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withFileOf, withTemporaryFolder } from "../testing/index.ts";
import { ClientFailure } from "./failure.ts";
import { OutgoingForm, randomBoundary } from "./outgoing-form.ts";

async function written(form: OutgoingForm): Promise<string> {
  let text = "";
  for (;;) {
    const piece = await form.next();
    assert.ok(!(piece instanceof ClientFailure));
    if (piece === null) return text;
    text += Buffer.from(piece).toString("latin1");
  }
}

test("fields, then files, as long as announced", () =>
  withFileOf(300_000, async (path, content) => {
    const file = { path, name: "a.bin", type: "application/octet-stream" };
    const form = await OutgoingForm.open([file, file], [["album", "é\r\n"]], "B");
    assert.ok(form instanceof OutgoingForm);
    const text = await written(form);
    const part =
      '--B\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n' +
      `Content-Type: application/octet-stream\r\n\r\n${content.toString("latin1")}\r\n`;
    const field = '--B\r\nContent-Disposition: form-data; name="album"\r\n\r\n\xc3\xa9\r\n\r\n';
    assert.equal(text, `${field}${part}${part}--B--\r\n`);
    assert.equal(form.bytes, text.length);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const sent = { bytes: 300_000, sha256 };
    assert.deepEqual(form.sent, [sent, sent]);
  }));

test("names can't end the line or the quotes they stand in", () =>
  withFileOf(0, async (path) => {
    const file = { path, name: 'a"\r\nb\\', type: "text/plain" };
    const form = await OutgoingForm.open([file], [['x"; y="z\n', "v"]], "B");
    assert.ok(form instanceof OutgoingForm);
    const text = await written(form);
    assert.match(text, /name="x%22; y=%22z%0A"\r\n/);
    assert.match(text, /filename="a%22%0D%0Ab\\"\r\n/);
  }));

test("a form without anything is its end", async () => {
  const form = await OutgoingForm.open([], [], "B");
  assert.ok(form instanceof OutgoingForm);
  assert.equal(await written(form), "--B--\r\n");
});

test("a file that is missing is told before anything is sent", () =>
  withFileOf(1, async (path) => {
    const file = { path, name: "a", type: "text/plain" };
    const failure = await OutgoingForm.open([file, { ...file, path: `${path}.none` }], [], "B");
    assert.ok(failure instanceof ClientFailure);
    assert.equal(failure.code, "fileUnreadable");
  }));

test("a form stops at the file that changed", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "a");
    await writeFile(path, "hello");
    const form = await OutgoingForm.open([{ path, name: "a", type: "text/plain" }], [], "B");
    assert.ok(form instanceof OutgoingForm);
    await form.next();
    await writeFile(path, "hell");
    const piece = await form.next();
    assert.ok(piece instanceof ClientFailure);
    assert.equal(piece.code, "fileChanged");
    await form.close();
    await rm(path);
  }));

test("boundaries differ, and need no quotes", () => {
  assert.notEqual(randomBoundary(), randomBoundary());
  assert.match(randomBoundary(), /^[a-z0-9-]{30,70}$/);
});

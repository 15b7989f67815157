// What is taken by its type, and how what was taken is given to others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pngWith } from "../../src/testing/index.ts";
import { postForm, withUploads, type UploadSite } from "./upload-site.ts";

const RULES = {
  routes: {
    pictures: 'accept = ["image/*"]',
    drawings: 'accept = ["image/svg+xml"]',
    json: 'accept = ["application/json"]',
    text: 'accept = ["text/plain", "image/png"]',
    any: "serve = true",
    bare: "serve = true, digest = false",
  },
};

const PNG = new Uint8Array(pngWith());
const HTML = "<!DOCTYPE html><script>alert(1)</script>";
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const GIF_PHP = "GIF89a\x01\0\x01\0\0\0\0;<?php system('id');";

type Row = readonly [path: string, type: string | null, body: string | Uint8Array, status: number];

const ROWS: readonly Row[] = [
  ["pictures/a.png", "image/png", PNG, 201],
  ["pictures/b.png", null, PNG, 201],
  ["pictures/c", null, PNG, 201],
  ["pictures/c2", "application/octet-stream", PNG, 201],
  ["pictures/d.png", "image/png", HTML, 415],
  ["pictures/d.png", null, HTML, 415],
  ["pictures/d.png", "text/html", HTML, 415],
  ["pictures/d.png", "image/png", "", 415],
  ["pictures/d.png", "image/jpeg", PNG, 415],
  ["pictures/d.png", "text/html", PNG, 415],
  ["pictures/d.png", "image/png", PNG.subarray(0, 4), 415],
  ["pictures/d", null, "", 415],
  ["pictures/d.svg", "image/svg+xml", SVG, 415],
  ["pictures/d.svg", null, SVG, 415],
  ["pictures/d.png", "image/png", SVG, 415],
  ["pictures/d.html", "image/png", PNG, 415],
  ["pictures/d.php", "image/gif", GIF_PHP, 415],
  ["pictures/d.json", "application/json", "{}", 415],
  ["drawings/a.svg", "image/svg+xml", SVG, 201],
  ["drawings/b.svg", null, SVG, 201],
  ["drawings/c.svg", "image/svg+xml", HTML, 415],
  ["drawings/c.png", "image/png", PNG, 415],
  ["json/a.json", "application/json", '{"a":1}', 201],
  ["json/b.json", "application/json; charset=utf-8", "[]", 201],
  ["json/c.json", null, "true", 201],
  ["json/d.json", "application/json", PNG, 415],
  ["json/d.json", "application/json", HTML, 415],
  ["json/d.json", "text/plain", "{}", 415],
  ["text/a.txt", "text/plain", "hello", 201],
  ["text/b.txt", "text/plain", "", 201],
  ["text/c.txt", "text/plain", PNG, 415],
  ["text/c.html", "text/plain", HTML, 415],
  ["any/what.png", "image/png", HTML, 201],
];

test("files are taken by what they are, and given so that they can't attack", async (all) => {
  await withUploads(RULES, async (site) => {
    await all.test("what the bytes are not, or the route does not name, is 415", () => types(site));
    await all.test("a form's files and records are looked at as well", () => forms(site));
    await all.test("what could hold scripts is saved, not shown", () => serving(site));
    await all.test("conditions, ranges and digests", () => answers(site));
  });
});

async function types(site: UploadSite): Promise<void> {
  for (const [path, type, body, expected] of ROWS) {
    const fields = type === null ? [] : [`Content-Type: ${type}`];
    const { status } = await site.raw("PUT", `/${path}`, body, fields);
    assert.equal(status, expected, `${path} as ${type}: ${Buffer.from(body).subarray(0, 20)}`);
  }
  assert.deepEqual(await site.names("pictures"), ["a.png", "b.png", "c", "c2"]);
  assert.deepEqual(await site.names("drawings"), ["a.svg", "b.svg"]);
  assert.deepEqual(await site.names("json"), ["a.json", "b.json", "c.json"]);
  assert.deepEqual(await site.names("text"), ["a.txt", "b.txt"]);
}

async function forms(site: UploadSite): Promise<void> {
  const before = await site.names("pictures");
  const good = { name: "f", filename: "ok.png", type: "image/png", content: Buffer.from(PNG) };
  const bad = { name: "f", filename: "bad.png", type: "image/png", content: HTML };
  const lie = { name: "f", filename: "lie.gif", content: Buffer.from(PNG) };
  assert.equal((await postForm(site, "pictures/", [good, bad])).status, 415);
  assert.equal((await postForm(site, "pictures/", [bad])).status, 415);
  assert.equal((await postForm(site, "pictures/", [lie])).status, 415);
  assert.equal((await site.post("pictures/", "a=1", URLENCODED)).status, 415);
  assert.equal((await site.post("pictures/", "{}", JSON_TYPE)).status, 415);
  assert.deepEqual(await site.names("pictures"), before);
  assert.equal((await site.post("json/", "a=1", URLENCODED)).status, 201);
  assert.equal((await site.post("json/", "{}", JSON_TYPE)).status, 201);
  const described = [good, { name: "title", content: "a dot" }];
  assert.equal((await postForm(site, "pictures/", described)).status, 201);
}

const URLENCODED = { "Content-Type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "Content-Type": "application/json" };

async function serving(site: UploadSite): Promise<void> {
  const saved = ["a.html", "a.svg", "a.xml", "a.pdf", "a.xhtml", "a.js", "a.css", "a", "é.html"];
  for (const name of saved) {
    const path = `any/${encodeURIComponent(name)}`;
    assert.equal((await site.put(path, HTML)).status, 201, name);
    const answer = await site.fetch(path);
    const disposition = answer.headers.get("content-disposition")!;
    assert.match(disposition, /^attachment; filename=/, name);
    assert.ok(disposition.endsWith(`filename*=UTF-8''${encodeURIComponent(name)}`), disposition);
    untrusted(answer);
    assert.equal(await answer.text(), HTML);
  }
  for (const name of ["b.png", "b.jpg", "b.txt", "b.webp"]) {
    await site.put(`any/${name}`, PNG);
    const answer = await site.fetch(`any/${name}`);
    assert.equal(answer.headers.get("content-disposition"), null, name);
    untrusted(answer);
    await answer.arrayBuffer();
  }
}

function untrusted({ headers }: Response): void {
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  const policy = headers.get("content-security-policy")!;
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /sandbox(?:;|$)/);
}

async function answers(site: UploadSite): Promise<void> {
  const put = await site.put("any/r.txt", "0123456789");
  const etag = put.headers.get("etag")!;
  const digest = put.headers.get("repr-digest")!;
  const unchanged = await site.fetch("any/r.txt", { headers: { "If-None-Match": etag } });
  assert.equal(unchanged.status, 304);
  const part = await site.fetch("any/r.txt", { headers: { Range: "bytes=2-4" } });
  assert.equal(part.status, 206);
  assert.equal(await part.text(), "234");
  // Of the whole file, whatever part of it is sent (RFC 9530 §3.1).
  assert.equal(part.headers.get("repr-digest"), digest);
  const beyond = await site.fetch("any/r.txt", { headers: { Range: "bytes=10-" } });
  assert.equal(beyond.status, 416);
  const undigested = await site.put("bare/r.txt", "0123456789");
  assert.equal(undigested.headers.get("repr-digest"), null);
  assert.equal((await site.fetch("bare/r.txt")).headers.get("repr-digest"), null);
  for (const wanted of ["sha-512=10", "sha-256=0", "nonsense ="]) {
    const answer = await site.fetch("bare/r.txt", { headers: { "Want-Repr-Digest": wanted } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("repr-digest"), null, wanted);
  }
  const asked = await site.fetch("bare/r.txt", { headers: { "Want-Repr-Digest": "sha-256=1" } });
  assert.equal(asked.headers.get("repr-digest"), digest);
  assert.equal((await site.fetch("bare/r.txt?thumbnail=320")).status, 200);
}

// What is answered to each kind of request on an upload route, row by row.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { postForm, withUploads, type UploadSite } from "./upload-site.ts";

const RULES = { routes: { uploads: "serve = true, remove = true", drop: "" } };
const RECORD_NAME = /^upload_\d{8}_\d{6}_[a-z0-9]{6}\.json$/;

interface Created {
  readonly status: string;
  readonly message: string;
  readonly filepath?: string;
  readonly files: readonly {
    name: string;
    path: string;
    size: number;
    type: string;
    sha256: string;
  }[];
  readonly fields?: Record<string, unknown>;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function createdBy(answer: Response): Promise<Created> {
  assert.equal(answer.status, 201);
  assert.match(answer.headers.get("content-type")!, /^application\/json/);
  return (await answer.json()) as Created;
}

async function stored(site: UploadSite, name: string): Promise<string> {
  return readFile(site.path("uploads", name), "utf8");
}

test("every kind of upload is answered as it is written, and is there", () =>
  withUploads(RULES, async (site) => {
    await forms(site);
    await records(site);
    await files(site);
    await puts(site);
    await reads(site);
    await refusals(site);
  }));

async function forms(site: UploadSite): Promise<void> {
  const one = { name: "file", filename: "a.txt", type: "text/plain", content: "hello" };
  const two = { name: "more", filename: "b.bin", content: "" };
  const field = { name: "note", content: "hi" };
  const again = { name: "tag", content: "1" };
  const proto = { name: "__proto__", content: "p" };
  const parts = [one, field, two, again, proto, again];
  const {
    status,
    message,
    files: told,
    fields,
  } = await createdBy(await postForm(site, "uploads/", parts));
  assert.equal(status, "success");
  assert.equal(typeof message, "string");
  const [first, second] = told;
  assert.equal(first!.name, "a.txt");
  assert.equal(first!.path, "/uploads/a.txt");
  assert.equal(first!.size, 5);
  assert.equal(first!.type, "text/plain");
  assert.equal(first!.sha256, sha256("hello"));
  assert.equal(second!.name, "b.bin");
  assert.equal(second!.sha256, sha256(""));
  assert.deepEqual(Object.entries(fields!), [
    ["note", "hi"],
    ["tag", ["1", "1"]],
    ["__proto__", "p"],
  ]);
  assert.deepEqual(await site.names("uploads"), ["a.txt", "b.bin"]);
  assert.equal(await stored(site, "a.txt"), "hello");
}

async function records(site: UploadSite): Promise<void> {
  const before = await site.names("uploads");
  const type = { "Content-Type": "application/json; charset=utf-8" };
  const json = await createdBy(await site.post("uploads/", '{"a": [1]}', type));
  assert.equal(json.message, "File created successfully");
  const name = json.filepath!.slice("/uploads/".length);
  assert.match(name, RECORD_NAME);
  assert.equal(json.filepath, `/uploads/${name}`);
  assert.equal(await stored(site, name), '{"a": [1]}');
  const form = await createdBy(await site.post("uploads/", new URLSearchParams("a=1&b=&a=%26")));
  const record = form.filepath!.slice("/uploads/".length);
  assert.match(record, RECORD_NAME);
  assert.deepEqual(JSON.parse(await stored(site, record)), { a: ["1", "&"], b: "" });
  const fieldsOnly = await postForm(site, "uploads/", [{ name: "guest", content: "Ada" }]);
  const kept = await createdBy(fieldsOnly);
  assert.match(kept.files[0]!.name, RECORD_NAME);
  assert.deepEqual(kept.fields, { guest: "Ada" });
  assert.deepEqual(JSON.parse(await stored(site, kept.files[0]!.name)), { guest: "Ada" });
  assert.equal((await site.names("uploads")).length, before.length + 3);
}

async function files(site: UploadSite): Promise<void> {
  const plain = await createdBy(
    await site.post("uploads/", "words", { "Content-Type": "text/plain" }),
  );
  assert.match(plain.files[0]!.name, /^upload_\d{8}_\d{6}_[a-z0-9]{6}\.txt$/);
  const disposition = "attachment; filename=plain.txt; filename*=UTF-8''%C3%A9t%C3%A9.txt";
  const named = { "Content-Type": "text/plain", "Content-Disposition": disposition };
  const answer = await createdBy(await site.post("uploads/", "words", named));
  assert.equal(answer.files[0]!.name, "été.txt");
  assert.equal(answer.files[0]!.path, "/uploads/%C3%A9t%C3%A9.txt");
  const untyped = await site.raw("POST", "/uploads/", "\x00\x01");
  assert.equal(untyped.status, 201);
  assert.match(untyped.body, /"name":"upload_\d{8}_\d{6}_[a-z0-9]{6}\.bin"/);
}

async function puts(site: UploadSite): Promise<void> {
  const digest = `sha-256=:${createHash("sha256").update("one").digest("base64")}:`;
  const created = await site.put("uploads/put.txt", "one");
  assert.equal(created.status, 201);
  assert.equal(created.headers.get("repr-digest"), digest);
  assert.equal(created.headers.get("location"), "/uploads/put.txt");
  const read = await site.fetch("uploads/put.txt");
  assert.equal(read.headers.get("etag"), created.headers.get("etag"));
  assert.equal(read.headers.get("repr-digest"), digest);
  assert.equal(await read.text(), "one");
  const replaced = await site.put("uploads/put.txt", "two");
  assert.equal(replaced.status, 204);
  assert.notEqual(replaced.headers.get("etag"), created.headers.get("etag"));
  assert.notEqual(replaced.headers.get("repr-digest"), digest);
  assert.equal(await stored(site, "put.txt"), "two");
  assert.equal((await stat(site.path("uploads", "put.txt"))).mode & 0o777, 0o640);
  assert.equal((await site.put("uploads/deep/er/x.txt", "")).status, 201);
  assert.equal(await stored(site, "deep/er/x.txt"), "");
}

async function reads(site: UploadSite): Promise<void> {
  const head = await site.fetch("uploads/put.txt", { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), "3");
  assert.equal(head.headers.get("x-content-type-options"), "nosniff");
  const removed = await site.fetch("uploads/put.txt", { method: "DELETE" });
  assert.equal(removed.status, 204);
  assert.equal((await site.fetch("uploads/put.txt")).status, 404);
  assert.equal((await site.fetch("uploads/put.txt", { method: "DELETE" })).status, 404);
}

async function refusals(site: UploadSite): Promise<void> {
  await site.put("drop/x", "x");
  const before = [await site.names("drop"), await site.names("uploads")];
  const json = { "Content-Type": "application/json" };
  const form = { "Content-Type": "multipart/form-data" };
  const coded = { "Content-Encoding": "gzip" };
  const ranged = { "Content-Range": "bytes 0-1/4" };
  const rows: readonly [string, string, string, Record<string, string>, number][] = [
    ["GET", "drop/x", "", {}, 405],
    ["HEAD", "drop/x", "", {}, 405],
    ["GET", "drop/", "", {}, 405],
    ["DELETE", "drop/x", "", {}, 405],
    ["DELETE", "uploads/", "", {}, 405],
    ["PUT", "uploads/", "x", {}, 405],
    ["PUT", "uploads/sub/", "x", {}, 405],
    ["POST", "uploads/x", "x", {}, 405],
    ["PATCH", "uploads/x", "x", {}, 405],
    ["GET", "uploads/", "", {}, 404],
    ["GET", "uploads/deep/", "", {}, 404],
    ["POST", "uploads/", '{"a": }', json, 400],
    ["POST", "uploads/", "", json, 400],
    ["POST", "uploads/", '{"a": 1} x', json, 400],
    ["POST", "uploads/", "x", form, 400],
    ["POST", "uploads/", "", { "Content-Type": "application/x-www-form-urlencoded" }, 400],
    ["PUT", "uploads/coded", "x", coded, 415],
    ["POST", "uploads/", "x", coded, 415],
    ["PUT", "uploads/part", "xx", ranged, 400],
    ["PUT", "uploads/deep", "a folder", {}, 409],
    ["PUT", "uploads/a.txt/b", "below a file", {}, 409],
    ["DELETE", "uploads/deep", "", {}, 409],
  ];
  for (const [method, path, body, headers, expected] of rows) {
    const hasBody = method === "PUT" || method === "POST" || method === "PATCH";
    const answer = await site.fetch(path, { method, headers, ...(hasBody ? { body } : {}) });
    assert.equal(answer.status, expected, `${method} ${path} ${JSON.stringify(headers)}`);
  }
  const empty = [{ name: "file", filename: "", content: "" }];
  assert.equal((await postForm(site, "uploads/", empty)).status, 400);
  assert.equal((await postForm(site, "uploads/", [])).status, 400);
  assert.deepEqual([await site.names("drop"), await site.names("uploads")], before);
}

test("OPTIONS tells what a refusal tells, and what is then taken", () =>
  withUploads(RULES, async (site) => {
    const rows = [
      ["uploads/", "GET, HEAD, POST, OPTIONS"],
      ["uploads/x", "GET, HEAD, PUT, DELETE, OPTIONS"],
      ["drop/", "POST, OPTIONS"],
      ["drop/x", "PUT, OPTIONS"],
    ] as const;
    for (const [path, expected] of rows) {
      const asked = await site.fetch(path, { method: "OPTIONS" });
      assert.equal(asked.status, 204);
      assert.equal(asked.headers.get("allow"), expected, path);
      const refused = await site.fetch(path, { method: "PATCH", body: "x" });
      assert.equal(refused.status, 405);
      assert.equal(refused.headers.get("allow"), expected, path);
    }
  }));

// A request that fails leaves its folder as it was, however far it came.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import {
  BOUNDARY,
  FORM_TYPE,
  formOf,
  postForm,
  withUploads,
  type Part,
  type UploadSite,
} from "./upload-site.ts";

const LIMITED = 'fileBytes = "100 KiB"';
const RULES = {
  routes: {
    five: LIMITED,
    once: 'onConflict = "reject"',
    small: 'quota = "64 KiB"',
    twice: "",
    twiceRefused: 'onConflict = "reject"',
    malformed: LIMITED,
    cut: LIMITED,
    digest: LIMITED,
  },
};

test("a request that fails leaves its folder as it was", async (all) => {
  await withUploads(RULES, async (site) => {
    await all.test("of five files the last is too large: none is stored", () => five(site));
    await all.test("what one file of several is refused for, all are", () => refusedTogether(site));
    await all.test("a form's files of one name are kept apart, or refused together", () =>
      twice(site),
    );
    await all.test("a malformed form stores nothing", () => malformed(site));
    await all.test("a client that goes away in the middle leaves nothing", () => cut(site));
    await all.test("a digest that is not the content's stores nothing", () => mismatches(site));
  });
});

function file(name: string, bytes: number): Part {
  return { name: "file", filename: name, content: Buffer.alloc(bytes, name) };
}

async function five(site: UploadSite): Promise<void> {
  const four = ["a", "b", "c", "d"].map((name) => file(name, 40_000));
  const refused = await postForm(site, "five/", [...four, file("e", 102_401)]);
  assert.equal(refused.status, 413);
  assert.deepEqual(await site.names("five"), []);
  const taken = await postForm(site, "five/", [...four, file("e", 102_400)]);
  assert.equal(taken.status, 201);
  assert.deepEqual(await site.names("five"), ["a", "b", "c", "d", "e"]);
}

async function refusedTogether(site: UploadSite): Promise<void> {
  await site.put("once/taken", "old");
  const conflict = await postForm(site, "once/", [file("free", 10), file("taken", 10)]);
  assert.equal(conflict.status, 409);
  assert.deepEqual(await site.names("once"), ["taken"]);
  const full = await postForm(site, "small/", [file("a", 60_000), file("b", 60_000)]);
  assert.equal(full.status, 507);
  assert.deepEqual(await site.names("small"), []);
  // What was reserved for them is free again.
  assert.equal((await postForm(site, "small/", [file("a", 60_000)])).status, 201);
}

const TWICE: readonly Part[] = [file("same.txt", 3), file("same.txt", 4)];

async function twice(site: UploadSite): Promise<void> {
  assert.equal((await postForm(site, "twice/", TWICE)).status, 201);
  assert.deepEqual(await site.names("twice"), ["same-1.txt", "same.txt"]);
  assert.equal((await postForm(site, "twiceRefused/", TWICE)).status, 409);
  assert.deepEqual(await site.names("twiceRefused"), []);
}

const WHOLE = formOf([file("a.txt", 2000), file("b.txt", 2000)]);

const BAD_FORMS: readonly [what: string, body: Buffer, type?: string][] = [
  ["without its last boundary", formOf([file("a.txt", 2000)], "")],
  ["cut in its last boundary", WHOLE.subarray(0, -4)],
  ["cut in a file", WHOLE.subarray(0, 1500)],
  ["cut in a head", WHOLE.subarray(0, 2200)],
  ["of another boundary", WHOLE, "multipart/form-data; boundary=other"],
  ["without a boundary", WHOLE, "multipart/form-data"],
  ["with two boundaries", WHOLE, `${FORM_TYPE}; boundary=other`],
  ["of nothing", Buffer.alloc(0)],
  ["with a part that names no field", badHead("Content-Disposition: form-data")],
  ["with a part of another disposition", badHead('Content-Disposition: attachment; name="x"')],
  ["with a part that says nothing", badHead("X-Nothing: at all")],
  ["with a head that is no field", badHead("nothing")],
];

function badHead(head: string): Buffer {
  const bad = Buffer.from(`--${BOUNDARY}\r\n${head}\r\n\r\nx\r\n--${BOUNDARY}--\r\n`);
  return Buffer.concat([formOf([file("a.txt", 2000)], ""), bad]);
}

async function malformed(site: UploadSite): Promise<void> {
  for (const [what, body, type = FORM_TYPE] of BAD_FORMS) {
    const answer = await site.raw("POST", "/malformed/", body, [`Content-Type: ${type}`]);
    assert.equal(answer.status, 400, what);
    assert.deepEqual(await site.names("malformed"), [], what);
  }
  const many = Array.from({ length: 1001 }, () => ({ name: "f", content: "" }));
  assert.equal((await postForm(site, "malformed/", many)).status, 413);
  const long = badHead(`Content-Disposition: form-data; name="x"\r\nX-Long: ${"x".repeat(17_000)}`);
  assert.equal(
    (await site.raw("POST", "/malformed/", long, [`Content-Type: ${FORM_TYPE}`])).status,
    431,
  );
  assert.deepEqual(await site.names("malformed"), []);
}

const CUT: readonly [what: string, head: string, body: Buffer][] = [
  ["a file", "PUT /cut/new.bin HTTP/1.1\r\nContent-Length: 90000", Buffer.alloc(50_000)],
  ["a file over another", "PUT /cut/old.bin HTTP/1.1\r\nContent-Length: 9000", Buffer.alloc(500)],
  ["a post", "POST /cut/ HTTP/1.1\r\nContent-Length: 90000", Buffer.alloc(50_000)],
  [
    "JSON",
    "POST /cut/ HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9000",
    Buffer.from("[1,2"),
  ],
  [
    "a form",
    `POST /cut/ HTTP/1.1\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${WHOLE.length}`,
    WHOLE.subarray(0, -10),
  ],
  [
    "chunks",
    "PUT /cut/chunked HTTP/1.1\r\nTransfer-Encoding: chunked",
    Buffer.from("5\r\nhello\r\n5\r\nwor"),
  ],
];

async function cut(site: UploadSite): Promise<void> {
  await writeFile(site.path("cut", "old.bin"), "old");
  const before = await seenIn(site, "cut");
  for (const way of ["reset", "close", "finish"] as const) {
    for (const [, head, body] of CUT) {
      const connection = await site.open();
      await connection.send(`${head}\r\nHost: localhost\r\n\r\n`);
      await connection.send(body);
      connection[way]();
      if (way !== "finish") continue;
      await connection.untilEnd();
      connection.close();
    }
  }
  await untilAsBefore(site, "cut", before);
  assert.equal((await site.post("cut/", "fine")).status, 201);
}

async function untilAsBefore(site: UploadSite, route: string, before: Seen): Promise<void> {
  let now = await seenIn(site, route);
  for (let attempt = 0; attempt < 200 && !isDeepStrictEqual(now, before); attempt += 1) {
    await delay(20);
    now = await seenIn(site, route);
  }
  assert.deepEqual(now, before);
}

interface Seen {
  readonly names: readonly string[];
  readonly open: readonly string[];
}

async function seenIn(site: UploadSite, route: string): Promise<Seen> {
  const folder = site.path(route);
  const open: string[] = [];
  for (const path of await site.program.descriptors()) {
    // Folders stay open from the first upload on.
    const isFolder = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (path.startsWith(folder) && !isFolder) open.push(path);
  }
  return { names: await site.names(route), open };
}

function digestOf(text: string, name = "sha256"): string {
  return createHash(name).update(text).digest("base64");
}

async function mismatches(site: UploadSite): Promise<void> {
  const other = `:${digestOf("other")}:`;
  const wrong: readonly Record<string, string>[] = [
    { "Content-Digest": `sha-256=${other}` },
    { "Repr-Digest": `sha-256=${other}` },
    { "Repr-Digest": `sha-256=:${digestOf("body")}:`, "Content-Digest": `sha-256=${other}` },
    { "Content-Digest": `sha-256=:${digestOf("body")}:, sha-512=:${digestOf("", "sha512")}:` },
    { "Content-Digest": "sha-256=:AAAA:" },
    { "Content-Digest": "sha-256" },
  ];
  for (const headers of wrong) {
    assert.equal((await site.put("digest/x", "body", headers)).status, 400);
    assert.equal((await site.post("digest/", "body", headers)).status, 400);
    assert.equal((await site.post("digest/", "a=b", { ...headers, ...FORM })).status, 400);
    const json = { "Content-Type": "application/json" };
    assert.equal((await site.post("digest/", '"body"', { ...headers, ...json })).status, 400);
    assert.equal((await postForm(site, "digest/", [file("a", 3)], headers)).status, 400);
  }
  assert.deepEqual(await site.names("digest"), []);
  const right = { "Content-Digest": `sha-512=:${digestOf("body", "sha512")}:, md5=:AAAA:` };
  assert.equal((await site.put("digest/x", "body", right)).status, 201);
}

const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

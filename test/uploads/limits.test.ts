// How much is taken, to the byte, and that nobody is asked for what is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answerIn,
  answerOn,
  FORM_TYPE,
  formOf,
  postForm,
  withUploads,
  type UploadSite,
} from "./upload-site.ts";

const FIVE = 'fileBytes = "5 B"';
const RULES = {
  head: '[limits]\nbodyBytes = "1 KiB"',
  routes: {
    file: FIVE,
    form: `${FIVE}, formBytes = "1 KiB"`,
    fields: 'fieldBytes = "20 B"',
    plain: "",
    quota: 'quota = "1000 B", remove = true',
    full: 'freeBytes = "8000 TiB"',
    crowd: 'quota = "1000 B"',
    many: 'fileBytes = "5 B", formBytes = "1 MiB", durability = "none"',
    manyRefused: 'fileBytes = "5 B", formBytes = "1 MiB", durability = "none"',
    typed: 'accept = ["image/*"]',
    once: 'onConflict = "reject"',
    large: 'fileBytes = "10 MiB", formBytes = "1 KiB"',
  },
};

test("how much is taken is as the route says, to the byte", async (all) => {
  await withUploads(RULES, async (site) => {
    await all.test("a file", () => files(site));
    await all.test("a length that is not said where it has to be", () => lengthless(site));
    await all.test("a form, its fields and its files", () => forms(site));
    await all.test("what the folder may hold, and the disk", () => space(site));
    await all.test("many at once are taken as far as there is room", () => crowd(site));
    await all.test("a form of a thousand files", () => thousand(site));
    await all.test("nobody is asked to send what is refused", () => expectations(site));
  });
});

/** As chunks of a few bytes: nobody knows how much comes. */
async function chunked(
  site: UploadSite,
  method: string,
  path: string,
  body: Uint8Array,
  fields: readonly string[] = [],
): Promise<number> {
  const connection = await site.open();
  const head = [`${method} ${path} HTTP/1.1`, "Host: localhost", "Connection: close", ...fields];
  await connection.send(`${head.join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let at = 0; at < body.length; at += 100) {
    const piece = body.subarray(at, at + 100);
    await connection.send(`${piece.length.toString(16)}\r\n`);
    await connection.send(Buffer.concat([piece, Buffer.from("\r\n")]));
  }
  await connection.send("0\r\n\r\n");
  return (await answerOn(connection)).status;
}

async function files(site: UploadSite): Promise<void> {
  const rows: readonly [path: string, bytes: number, status: number][] = [
    ["file/exact", 5, 201],
    ["file/more", 6, 413],
    ["file/much-more", 100_000, 413],
    ["plain/exact", 1024, 201],
    ["plain/more", 1025, 413],
    ["large/beyond-the-limit", 2_000_000, 201],
  ];
  for (const [path, bytes, status] of rows) {
    const body = Buffer.alloc(bytes, "x");
    assert.equal((await site.put(path, body)).status, status, path);
    if (bytes > 10_000) continue;
    assert.equal(await chunked(site, "PUT", `/${path}-chunked`, body), status, path);
    const folder = path.split("/")[0]!;
    const named = { "Content-Disposition": `attachment; filename=posted` };
    assert.equal((await site.post(`${folder}/`, body, named)).status, status, path);
  }
  assert.deepEqual(await site.names("file"), ["exact", "exact-chunked", "posted"]);
  assert.deepEqual(await site.names("plain"), ["exact", "exact-chunked", "posted"]);
}

async function forms(site: UploadSite): Promise<void> {
  const five = { name: "f", filename: "five", content: "12345" };
  const six = { name: "f", filename: "six", content: "123456" };
  assert.equal((await postForm(site, "file/", [five, five, five, five, five])).status, 201);
  assert.equal((await postForm(site, "file/", [five, six])).status, 413);
  const whole = formOf([five, { name: "pad", content: "" }]);
  const pad = (bytes: number): Uint8Array =>
    formOf([five, { name: "pad", content: Buffer.alloc(bytes - whole.length, "x") }]);
  for (const [bytes, status] of [
    [1024, 201],
    [1025, 413],
  ] as const) {
    const type = { "Content-Type": FORM_TYPE };
    assert.equal((await site.post("form/", new Uint8Array(pad(bytes)), type)).status, status);
    const fields = [`Content-Type: ${FORM_TYPE}`];
    assert.equal(await chunked(site, "POST", "/form/", pad(bytes), fields), status);
  }
  assert.deepEqual(await site.names("form"), ["five", "five-1"]);
  const name = { name: "12345", content: "123451234512345" };
  assert.equal((await postForm(site, "fields/", [name])).status, 201);
  assert.equal((await postForm(site, "fields/", [{ ...name, name: "123456" }])).status, 413);
  const text = { "Content-Type": "application/x-www-form-urlencoded" };
  assert.equal((await site.post("fields/", "a=345678901234567890", text)).status, 201);
  assert.equal((await site.post("fields/", "a=3456789012345678901", text)).status, 413);
  assert.equal((await site.names("fields")).length, 2);
}

async function space(site: UploadSite): Promise<void> {
  const body = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
  assert.equal((await site.put("quota/a", body(600))).status, 201);
  assert.equal((await site.put("quota/b", body(401))).status, 507);
  assert.equal(await chunked(site, "PUT", "/quota/b", body(401)), 507);
  const form = [{ name: "f", filename: "b", content: Buffer.alloc(401) }];
  assert.equal((await postForm(site, "quota/", form)).status, 507);
  assert.equal((await site.put("quota/b", body(400))).status, 201);
  assert.equal((await site.put("quota/c", body(1))).status, 507);
  assert.equal((await site.fetch("quota/a", { method: "DELETE" })).status, 204);
  assert.equal((await site.put("quota/c", body(600))).status, 201);
  assert.equal((await site.put("quota/d", body(1))).status, 507);
  assert.deepEqual(await site.names("quota"), ["b", "c"]);
  assert.equal((await site.put("full/a", "x")).status, 507);
  assert.equal(await chunked(site, "PUT", "/full/a", body(1)), 507);
  assert.equal((await postForm(site, "full/", form)).status, 507);
  assert.equal((await site.post("full/", "a=b", URLENCODED)).status, 507);
  assert.deepEqual(await site.names("full"), []);
}

async function crowd(site: UploadSite): Promise<void> {
  const names = Array.from({ length: 30 }, (_, index) => `crowd/${index}`);
  const answers = await Promise.all(names.map((name) => site.put(name, "x".repeat(100))));
  const statuses = answers.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 201).length, 10);
  assert.equal(statuses.filter((status) => status === 507).length, 20);
  assert.equal((await site.names("crowd")).length, 10);
}

async function thousand(site: UploadSite): Promise<void> {
  const before = await site.program.descriptors();
  const files = Array.from({ length: 1000 }, (_, index) => {
    return { name: "f", filename: `${index}`, content: `${index}` };
  });
  assert.equal((await postForm(site, "many/", files)).status, 201);
  assert.equal((await site.names("many")).length, 1000);
  const last = { name: "f", filename: "last", content: "too large for this one" };
  assert.equal((await postForm(site, "manyRefused/", [...files.slice(1), last])).status, 413);
  assert.deepEqual(await site.names("manyRefused"), []);
  assert.ok((await site.program.descriptors()).length < before.length + 50);
}

const URLENCODED = { "Content-Type": "application/x-www-form-urlencoded" };

async function expectations(site: UploadSite): Promise<void> {
  await site.put("once/there", "x");
  const rows: readonly [line: string, fields: readonly string[], status: number][] = [
    ["PUT /file/a", ["Content-Length: 6"], 413],
    ["POST /file/", ["Content-Length: 6"], 413],
    ["PUT /plain/a", ["Content-Length: 1025"], 413],
    ["POST /plain/", ["Content-Length: 1025", `Content-Type: ${FORM_TYPE}`], 413],
    ["PUT /quota/z", ["Content-Length: 900"], 507],
    ["PUT /full/z", ["Content-Length: 1"], 507],
    ["PUT /full/z", ["Transfer-Encoding: chunked"], 507],
    ["PUT /once/there", ["Content-Length: 5"], 409],
    ["PUT /once/there", ["Content-Length: 5", "If-None-Match: *"], 412],
    ["PUT /once/none", ["Content-Length: 5", 'If-Match: "x"'], 412],
    ["PUT /plain/.hidden", ["Content-Length: 5"], 400],
    ["PUT /plain/a", ["Content-Length: 5", "Content-Digest: nonsense"], 400],
    ["PUT /plain/a", ["Content-Length: 5", "Content-Encoding: gzip"], 415],
    ["PUT /typed/a.html", ["Content-Length: 5", "Content-Type: text/html"], 415],
    ["POST /plain/", ["Content-Length: 5", "Content-Type: multipart/form-data"], 400],
    ["PUT /plain/a", ["Content-Length: 5", "Origin: http://evil.example"], 403],
    ["DELETE /plain/a", ["Content-Length: 5"], 405],
  ];
  for (const [line, fields, expected] of rows) {
    const connection = await site.open();
    const head = [`${line} HTTP/1.1`, "Host: localhost", "Expect: 100-continue", ...fields];
    await connection.send(`${head.join("\r\n")}\r\n\r\n`);
    const answer = answerIn(await connection.until("\r\n\r\n"));
    assert.equal(answer.status, expected, `${line} ${fields.join(", ")}`);
    connection.close();
  }
  const connection = await site.open();
  const head = "PUT /plain/fine HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n";
  await connection.send(`${head}Expect: 100-continue\r\nConnection: close\r\n\r\n`);
  assert.equal(answerIn(await connection.until("\r\n\r\n")).status, 100);
  await connection.send("fine");
  assert.match(await connection.untilEnd(), /HTTP\/1\.1 201 /);
  connection.close();
}

async function lengthless(site: UploadSite): Promise<void> {
  for (const ask of ["PUT /plain/lengthless", "POST /plain/"]) {
    const connection = await site.open();
    await connection.send(`${ask} HTTP/1.0\r\nHost: localhost\r\n\r\ncontent`);
    assert.equal((await answerOn(connection)).status, 411);
  }
  assert.ok(!(await site.names("plain")).includes("lengthless"));
}

import assert from "node:assert/strict";
import { utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { systemClock } from "../../base/clock.ts";
import { Failure } from "../../base/failure.ts";
import { OpenFile, OpenFileCache } from "../../storage/index.ts";
import { exchangeOf, withTemporaryFolder } from "../../testing/index.ts";
import { FileSlice, releaseBody, Reply, Segments, type ReplyBody } from "../exchange/index.ts";
import { FileReplies, replyWithFile, type FileReplyOptions } from "./file-reply.ts";

const CHANGED_S = 1_600_000_000;
const CHANGED = "Sun, 13 Sep 2020 12:26:40 GMT";
const TEN = "0123456789";

interface Asked {
  readonly method?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly options?: Partial<FileReplyOptions>;
  readonly content?: string;
  /** When the file was changed, in seconds since 1970. */
  readonly changedS?: number;
}

interface Came {
  readonly status: number | string;
  readonly text: string;
  field(name: string): string | undefined;
  readonly names: string;
  readonly etag: string;
}

/** Asks for a file, and proves that its reference was given back once. */
async function ask(asked: Asked): Promise<Came> {
  const { method = "GET", fields = {}, options = {}, content = TEN } = asked;
  let came: Came | null = null;
  await withTemporaryFolder(async (folder) => {
    await writeFile(`${folder}/a.txt`, content);
    await utimes(`${folder}/a.txt`, CHANGED_S, asked.changedS ?? CHANGED_S + 0.5);
    const files = new OpenFileCache({ clock: systemClock });
    const file = await files.lookup({ folder, followLinks: false }, "a.txt");
    assert.ok(file instanceof OpenFile);
    const given = Object.entries(fields).map(([name, value]) => [
      name,
      value.replace("ETAG", file.etag),
    ]);
    const exchange = exchangeOf({ method, fields: Object.fromEntries(given) });
    const answer = replyWithFile(exchange, file, { contentType: "text/plain", ...options });
    const lines = new Map(answer.fields);
    came = {
      status: answer instanceof Failure ? answer.code : answer.status,
      text: answer instanceof Reply ? textOf(answer.body) : "",
      field: (name) => lines.get(name),
      names: [...lines.keys()].toSorted().join(" "),
      etag: file.etag,
    };
    if (answer instanceof Reply) releaseBody(answer.body);
    assert.equal(file.isIdle, true, "the cache alone holds the file now");
    files.close();
  });
  return came!;
}

function textOf(body: ReplyBody): string {
  if (body instanceof Segments) return body.parts.map(textOf).join("");
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  if (!(body instanceof FileSlice)) return "";
  return Buffer.from(body.file.bytes!).toString("utf8", body.offset, body.offset + body.length);
}

test("a file comes whole, with its validators", async () => {
  const { status, text, field, etag, names } = await ask({});
  assert.equal(status, 200);
  assert.equal(text, TEN);
  assert.equal(field("ETag"), etag);
  assert.equal(field("Last-Modified"), CHANGED);
  assert.equal(field("Accept-Ranges"), "bytes");
  assert.equal(field("Content-Type"), "text/plain");
  assert.equal(names, "Accept-Ranges Content-Type ETag Last-Modified");
});

const OPTIONS = {
  contentEncoding: "br",
  vary: "Accept-Encoding",
  cacheControl: "no-cache",
  disposition: "attachment",
  extra: [["X-A", "b"]],
} as const;

test("what the handler knows beside the file is told", async () => {
  const { field } = await ask({ options: OPTIONS });
  assert.equal(field("Content-Encoding"), "br");
  assert.equal(field("Vary"), "Accept-Encoding");
  assert.equal(field("Cache-Control"), "no-cache");
  assert.equal(field("Content-Disposition"), "attachment");
  assert.equal(field("X-A"), "b");
});

test("a 304 has what a cache needs, and nothing about content", async () => {
  const came = await ask({ fields: { "If-None-Match": "ETAG" }, options: OPTIONS });
  assert.equal(came.status, 304);
  assert.equal(came.text, "");
  assert.equal(came.names, "Cache-Control ETag Last-Modified Vary");
});

test("HEAD is answered as GET, whatever range it asks for", async () => {
  const { status, text, field } = await ask({ method: "HEAD", fields: { Range: "bytes=0-1" } });
  assert.equal(status, 200);
  assert.equal(text, TEN);
  assert.equal(field("Content-Range"), undefined);
  const none = await ask({ method: "HEAD", fields: { "If-None-Match": "ETAG" } });
  assert.equal(none.status, 304);
});

test("one range is a 206 with its place", async () => {
  const { status, text, field, etag } = await ask({ fields: { Range: "bytes=2-4" } });
  assert.equal(status, 206);
  assert.equal(text, "234");
  assert.equal(field("Content-Range"), "bytes 2-4/10");
  assert.equal(field("Content-Type"), "text/plain");
  assert.equal(field("ETag"), etag);
});

test("several ranges are parts with a boundary that is not in the file", async () => {
  const { status, text, field } = await ask({ fields: { Range: "bytes=8-,0-1" } });
  assert.equal(status, 206);
  assert.equal(field("Content-Range"), undefined);
  const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(field("Content-Type")!)![1]!;
  const head = "Content-Type: text/plain\r\nContent-Range: bytes";
  const parts = [`${head} 8-9/10\r\n\r\n89`, `${head} 0-1/10\r\n\r\n01`];
  const expected = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("");
  assert.equal(text, `${expected}--${boundary}--\r\n`);
});

test("two answers have two boundaries", async () => {
  const asked = { fields: { Range: "bytes=0-1,4-5" } };
  const [one, other] = [await ask(asked), await ask(asked)];
  assert.notEqual(one.field("Content-Type"), other.field("Content-Type"));
});

test("a range behind the end is refused with the size", async () => {
  const { status, field } = await ask({ fields: { Range: "bytes=10-" } });
  assert.equal(status, "rangeNotSatisfiable");
  assert.equal(field("Content-Range"), "bytes */10");
});

for (const [content, range, status] of [
  ["", "bytes=-5", 200],
  ["", "bytes=0-", "rangeNotSatisfiable"],
  [TEN, "bytes=5-2", 200],
  [TEN, "lines=1-2", 200],
] as const) {
  test(`${range} of ${content.length} bytes is ${status}`, async () => {
    assert.equal((await ask({ content, fields: { Range: range } })).status, status);
  });
}

const IF_RANGE: readonly [condition: string, status: number][] = [
  ["ETAG", 206],
  [CHANGED, 206],
  ["Sunday, 13-Sep-20 12:26:40 GMT", 206],
  ["W/ETAG", 200],
  ['"other"', 200],
  ["*", 200],
  ["ETAG, ETAG", 200],
  ["Sun, 13 Sep 2020 12:26:41 GMT", 200],
  ["Sun, 13 Sep 2020 12:26:39 GMT", 200],
  ["yesterday", 200],
  ["", 200],
];
for (const [condition, status] of IF_RANGE) {
  test(`a range if the file is still ${JSON.stringify(condition)}: ${status}`, async () => {
    const came = await ask({ fields: { Range: "bytes=0-0", "If-Range": condition } });
    assert.equal(came.status, status);
    assert.equal(came.text, status === 206 ? "0" : TEN);
  });
}

test("a date of this very second is no ground for a part: it may change within it", async () => {
  const nowS = Math.floor(Date.now() / 1000) + 5;
  const date = new Date(nowS * 1000).toUTCString();
  const fields = { Range: "bytes=0-0", "If-Range": date };
  assert.equal((await ask({ fields, changedS: nowS })).status, 200);
});

test("an If-Range that fails makes an impossible range none", async () => {
  const fields = { Range: "bytes=99-", "If-Range": '"other"' };
  assert.equal((await ask({ fields })).status, 200);
});

test("preconditions come before ranges", async () => {
  const Range = "bytes=99-";
  const failed = await ask({ fields: { Range, "If-Match": '"other"' } });
  assert.equal(failed.status, "preconditionFailed");
  const unchanged = await ask({ fields: { Range, "If-None-Match": "ETAG" } });
  assert.equal(unchanged.status, 304);
  const held = await ask({ fields: { Range: "bytes=0-0", "If-Match": "ETAG" } });
  assert.equal(held.status, 206);
});

test("a file from the future says that it was changed now", async () => {
  const { field } = await ask({ changedS: Math.floor(Date.now() / 1000) + 86_400 });
  assert.ok(Date.parse(field("Last-Modified")!) <= Date.now());
});

test("several ranges of a coded file are the whole: its coding is not the envelope's", async () => {
  const fields = { range: "bytes=0-1,5-6" };
  const came = await ask({ fields, options: { contentEncoding: "br" } });
  assert.equal(came.status, 200);
  assert.equal(came.text, TEN);
  assert.equal(came.field("Content-Encoding"), "br");
});

/** What one file's replies are to a request each. */
async function answersOf(
  changedS: number,
  requests: readonly Readonly<Record<string, string>>[],
): Promise<Reply[]> {
  const answers: Reply[] = [];
  await withTemporaryFolder(async (folder) => {
    await writeFile(`${folder}/a.txt`, TEN);
    await utimes(`${folder}/a.txt`, changedS, changedS);
    const files = new OpenFileCache({ clock: systemClock });
    const file = (await files.lookup({ folder, followLinks: false }, "a.txt")) as OpenFile;
    const replies = new FileReplies(file, { contentType: "text/plain" });
    for (const fields of requests) answers.push(replies.answer(exchangeOf({ fields })) as Reply);
  });
  return answers;
}

test("the whole is made once, whatever is asked for between", async () => {
  const part = { range: "bytes=1-2" };
  const answers = await answersOf(CHANGED_S, [{}, part, {}, part]);
  assert.deepEqual(
    Array.from(answers, ({ status }) => status),
    [200, 206, 200, 206],
  );
  assert.equal(answers[2], answers[0]);
  assert.notEqual(answers[3], answers[1]);
});

test("the replies of a file from the future are of their moment, and not kept", async () => {
  const [first, second] = await answersOf(4_000_000_000, [{}, {}]);
  assert.notEqual(first, second);
});

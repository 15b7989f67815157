import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { FileSlice, releaseBody, Segments } from "../../../http/exchange/index.ts";
import { Refused } from "../../../http/refused.ts";
import { openPaths, roomContext, until, withTemporaryFolder } from "../../../testing/index.ts";
import { takeFileBody } from "./file-body.ts";
import type { FoundFile } from "./found-file.ts";
import { storageOf, type Storage } from "./storage.ts";

// Beyond what is kept in memory, so that a descriptor is held, and more than one piece.
const CONTENT = Buffer.alloc(300_000, "what is stored, ");

interface Bench {
  readonly storage: Storage;
  readonly file: FoundFile;
  /** What holds the folder's files open, besides the cache. */
  held(): Promise<number>;
}

function withFile(name: string, use: (bench: Bench) => Promise<void>): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const context = roomContext();
    const options = {
      to: folder,
      accept: [],
      onConflict: "replace" as const,
      freeBytes: 0,
      durability: "none" as const,
      mode: "0640",
      fileBytes: undefined,
      quota: undefined,
    };
    const storage = storageOf(options, context)!;
    await storage.put(name, CONTENT);
    const held = async (): Promise<number> => {
      context.files.close();
      return openPaths().filter((path) => path.startsWith(`${folder}/${name}`)).length;
    };
    await use({ storage, file: (await storage.get(name))!, held });
    assert.equal(await held(), 0);
    await context.stores.close();
  });
}

function get(headers: Record<string, string> = {}, method = "GET"): Request {
  return new Request("http://localhost/a", { method, headers });
}

const DIGEST = createHash("sha256").update(CONTENT).digest("base64");

test("a whole file is answered with validators, its digest, and so that it can't attack", () =>
  withFile("a.html", async ({ file }) => {
    const answer = await file.response(get());
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    assert.match(answer.headers.get("etag")!, /^".+"$/);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.match(answer.headers.get("content-disposition")!, /^attachment/);
    assert.match(answer.headers.get("content-security-policy")!, /sandbox/);
    assert.equal(answer.headers.get("repr-digest"), `sha-256=:${DIGEST}:`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), CONTENT);
  }));

test("a range, several and none that there is", () =>
  withFile("a.txt", async ({ file }) => {
    const part = await file.response(get({ range: "bytes=10-19" }));
    assert.equal(part.status, 206);
    assert.equal(part.headers.get("content-range"), `bytes 10-19/${CONTENT.length}`);
    assert.equal(await part.text(), CONTENT.subarray(10, 20).toString());
    const parts = await file.response(get({ range: "bytes=0-1,-2" }));
    assert.match(parts.headers.get("content-type")!, /^multipart\/byteranges/);
    assert.match(await parts.text(), /\r\n\r\nwh\r\n--/);
    await assert.rejects(file.response(get({ range: "bytes=999999-" })), (error) => {
      assert.ok(error instanceof Refused);
      assert.equal(error.code, "rangeNotSatisfiable");
      assert.deepEqual(error.failure.fields, [["Content-Range", `bytes */${CONTENT.length}`]]);
      return true;
    });
  }));

test("preconditions hold for GET and HEAD, and for nothing else", () =>
  withFile("a.txt", async ({ file }) => {
    const whole = await file.response();
    const etag = whole.headers.get("etag")!;
    await whole.body!.cancel();
    const same = { "if-none-match": etag };
    const known = await file.response(get(same));
    assert.deepEqual([known.status, known.body], [304, null]);
    const head = await file.response(get({}, "HEAD"));
    assert.equal(head.status, 200);
    await head.body!.cancel();
    await assert.rejects(file.response(get({ "if-match": '"x"' })), Refused);
    const posted = await file.response(get(same, "POST"));
    assert.equal(posted.status, 200);
    await posted.body!.cancel();
  }));

test("the file itself is there for whoever sends the response, once", () =>
  withFile("a.txt", async ({ file }) => {
    const { body } = await file.response(get());
    const taken = takeFileBody(body!);
    assert.ok(taken instanceof FileSlice);
    assert.equal(taken.length, CONTENT.length);
    assert.equal(takeFileBody(body!), null);
    await assert.rejects(body!.getReader().read(), /has been sent/);
    releaseBody(taken);
    const parts = await file.response(get({ range: "bytes=0-1,-2" }));
    const segments = takeFileBody(parts.body!);
    assert.ok(segments instanceof Segments);
    releaseBody(segments);
  }));

test("it goes with the stream, into a response of other headers", () =>
  withFile("a.txt", async ({ file }) => {
    const answer = await file.response(get());
    const other = new Response(answer.body, { headers: { "cache-control": "no-store" } });
    const taken = takeFileBody(other.body!);
    assert.ok(taken instanceof FileSlice);
    releaseBody(taken);
  }));

test("a stream that is held, was read from, or is another's, is no file's", () =>
  withFile("a.txt", async ({ file }) => {
    const { body } = await file.response(get());
    const reader = body!.getReader();
    assert.equal(takeFileBody(body!), null);
    await reader.read();
    reader.releaseLock();
    assert.equal(takeFileBody(body!), null);
    await body!.cancel();
    assert.equal(takeFileBody(new Blob(["a"]).stream()), null);
    const cancelled = (await file.response(get())).body!;
    await cancelled.cancel();
    assert.equal(takeFileBody(cancelled), null);
  }));

test("a stream that is cancelled while it is read lets the file go behind the read", () =>
  withFile("a.txt", async ({ file, held }) => {
    const { body } = await file.response(get());
    const reader = body!.getReader();
    const reading = reader.read();
    await reader.cancel();
    assert.equal((await reading).done, true);
    assert.equal(await held(), 0);
  }));

test("a response that nobody sends lets its file go", () =>
  withFile("a.txt", async ({ file, held }) => {
    await (async () => void (await file.response(get())))();
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    await until(async () => {
      collect();
      return (await held()) === 0;
    });
  }));

test("a file is streamed as it is when it is read, and is missed when it is gone", () =>
  withFile("a.txt", async ({ file, storage }) => {
    const early = file.stream();
    assert.equal((await new Response(file.stream()).text()).length, CONTENT.length);
    await storage.put("a.txt", "short");
    assert.equal(await new Response(early).text(), "short");
    const late = file.stream();
    await storage.delete("a.txt");
    await assert.rejects(new Response(late).text(), (error) => {
      assert.ok(error instanceof Refused);
      return error.code === "notFound";
    });
    await assert.rejects(file.response(get()), Refused);
  }));

// One PHP program, run in three ways: what works in one works in all.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { Site } from "../../src/testing/index.ts";
import { withPhp } from "./php-site.ts";
import { PHP_WAYS } from "./php-ways.ts";

const DECODER = new TextDecoder();
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A body without a length. */
function inChunks(bytes: Buffer, pieceBytes: number): RequestInit {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return { method: "POST", body: ReadableStream.from(pieces), duplex: "half" };
}

const CASES: Readonly<Record<string, (site: Site) => Promise<void>>> = {
  "variables, query and fields": async (site) => {
    const headers = { "x-one": "1", proxy: "evil", cookie: "a=1; b=2" };
    const told = await (await site.fetch("index.php?x=1&y[]=2", { headers })).json();
    const { sapi, ...rest } = told as Record<string, unknown>;
    assert.match(String(sapi), /^(?:cgi-fcgi|fpm-fcgi)$/);
    assert.deepEqual(rest, {
      cwd: site.path("public"),
      get: { x: "1", y: ["2"] },
      post: [],
      cookies: { a: "1", b: "2" },
      REQUEST_METHOD: "GET",
      SCRIPT_NAME: "/index.php",
      SCRIPT_FILENAME: site.path("public/index.php"),
      PATH_INFO: null,
      PHP_SELF: "/index.php",
      QUERY_STRING: "x=1&y[]=2",
      REQUEST_URI: "/index.php?x=1&y[]=2",
      DOCUMENT_ROOT: site.path("public"),
      HTTP_X_ONE: "1",
      HTTP_PROXY: null,
      CONTENT_TYPE: null,
      SERVER_PROTOCOL: "HTTP/1.1",
    });
  },
  "what follows the script's name is its path": async (site) => {
    const told = await (await site.fetch("index.php/more/a%20b?q")).json();
    const { SCRIPT_NAME, PATH_INFO, PHP_SELF } = told as Record<string, unknown>;
    assert.deepEqual(
      [SCRIPT_NAME, PATH_INFO, PHP_SELF],
      ["/index.php", "/more/a b", "/index.php/more/a b"],
    );
  },
  "a form with two files": async (site) => {
    const [small, large] = [randomBytes(10), randomBytes(3_000_000)];
    const form = new FormData();
    form.set("small", new Blob([small], { type: "image/png" }), "klein ü.png");
    form.set("large", new Blob([large]), "large.bin");
    form.set("word", "Grüße");
    const answer = await site.fetch("upload.php", { method: "POST", body: form });
    assert.equal(answer.status, 201);
    assert.deepEqual(await answer.json(), {
      files: {
        small: {
          name: "klein ü.png",
          type: "image/png",
          error: 0,
          size: 10,
          sha256: sha256(small),
        },
        large: {
          name: "large.bin",
          type: "application/octet-stream",
          error: 0,
          size: 3_000_000,
          sha256: sha256(large),
        },
      },
      fields: { word: "Grüße" },
    });
    assert.deepEqual(await readFile(site.path("stored-large")), large);
  },
  "a file beyond PHP's own bound is PHP's to refuse": async (site) => {
    const form = new FormData();
    form.set("large", new Blob([Buffer.alloc(9 * 1024 ** 2)]), "large.bin");
    const answer = await site.fetch("upload.php", { method: "POST", body: form });
    const { files } = (await answer.json()) as { files: { large: { error: number } } };
    assert.equal(files.large.error, 1);
  },
  "a session, and its end": async (site) => {
    const first = await site.fetch("session.php");
    const [cookie] = first.headers.getSetCookie();
    assert.match(cookie ?? "", /^PHPSESSID=/);
    const headers = { cookie: cookie!.split(";")[0]! };
    const next = async (path = "session.php"): Promise<string> =>
      (await site.fetch(path, { headers })).text();
    assert.deepEqual(
      [await first.text(), await next(), await next("session.php?leave"), await next()],
      ["1", "2", "3", "1"],
    );
    assert.equal(await (await site.fetch("session.php")).text(), "1", "another's");
  },
  "status, fields and cookies": async (site) => {
    const answer = await site.fetch("head.php");
    assert.equal(answer.status, 418);
    assert.equal(answer.headers.get("x-one"), "1, 2");
    assert.equal(answer.headers.get("content-type"), "text/x-tea; charset=utf-8");
    assert.equal(answer.headers.get("last-modified"), "Tue, 15 Nov 1994 12:45:26 GMT");
    assert.deepEqual(answer.headers.getSetCookie(), ["a=1; path=/; HttpOnly", "b=two%20words"]);
    assert.equal(await answer.text(), "tea");
  },
  "a HEAD has the fields and no content": async (site) => {
    const { status, head, body } = await site.raw("HEAD", "/head.php");
    assert.deepEqual([status, body], [418, ""]);
    assert.match(head, /^X-One: 2\r?$/im);
  },
  "a redirect is the client's": async (site) => {
    for (const status of [301, 302, 303, 307]) {
      const answer = await site.fetch(`moved.php?status=${status}`);
      const { headers } = answer;
      assert.deepEqual([answer.status, headers.get("location")], [status, "/index.php?after=1"]);
    }
  },
  "content as it is, with a length and without": async (site) => {
    const bytes = randomBytes(300_000);
    const expected = `300000 ${sha256(bytes)} 300000`;
    const whole = await site.fetch("input.php", { method: "PUT", body: bytes });
    assert.equal(await whole.text(), expected);
    const chunked = await site.fetch("input.php", inChunks(bytes, 10_000));
    assert.equal(await chunked.text(), expected);
    const empty = await site.fetch("input.php", { method: "POST", body: "" });
    assert.equal(await empty.text(), `0 ${sha256(Buffer.alloc(0))} 0`);
  },
  "the first words come before the last are known": async (site) => {
    const answer = await site.fetch("stream.php");
    const reader = answer.body!.getReader();
    assert.equal(DECODER.decode((await reader.read()).value), "first");
    await writeFile(site.path("go"), "");
    assert.equal(DECODER.decode((await reader.read()).value), " last");
    assert.equal((await reader.read()).done, true);
  },
  "the ends of a program": async (site) => {
    const ends: [how: string, status: number, text: string | RegExp][] = [
      ["exit", 200, "whole"],
      ["missing", 404, "no such thing"],
      ["nothing", 204, ""],
      ["unchanged", 304, ""],
      ["complains", 200, "complained"],
      ["fatal", 500, "lost"],
      ["throws", 500, ""],
    ];
    for (const [how, status, text] of ends) {
      const answer = await site.fetch(`ends.php?how=${how}`);
      assert.deepEqual([answer.status, await answer.text()], [status, text], how);
    }
    const broken = await site.fetch("parse-error.php");
    assert.deepEqual([broken.status, await broken.text()], [500, ""]);
  },
  "an answer whose process was killed does not look whole": async (site) => {
    for (let count = 1; count <= 3; count += 1) {
      const answer = await site.fetch("ends.php?how=killed");
      assert.equal(answer.status, 200);
      await assert.rejects(answer.text());
      assert.equal((await site.fetch("index.php")).status, 200, "the next is answered");
    }
  },
  "a file that the program only names": async (site) => {
    const range = { headers: { range: "bytes=999990-" } };
    for (const target of ["file.php?path=files/large.txt", "file.php?site=large.txt"]) {
      const answer = await site.fetch(target, range);
      assert.deepEqual([answer.status, await answer.text()], [206, "0123456789"], target);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/x-own/, target);
    }
    assert.equal((await site.fetch("file.php?path=.user.ini")).status, 502, "not in `sendFiles`");
    assert.equal((await site.fetch("inner/large.txt")).status, 404, "not from outside");
  },
  "nothing but PHP files is run, and none is shown": async (site) => {
    const tries = [
      "/missing.php",
      "/missing.php/more",
      "/plain.txt/x.php",
      "/.user.ini",
      "/index.php%00.txt",
      "/index.php%2f..%2f..%2fx.php",
      "/..%2findex.php",
    ];
    for (const target of tries) {
      const { status, body } = await site.raw("GET", target);
      assert.ok(status >= 400 && status < 500, `${target}: ${status}`);
      assert.doesNotMatch(body, /^run$|<\?php|save_path|"sapi"/, target);
    }
    assert.equal(await (await site.fetch("plain.txt")).text(), "<?php echo 'run';");
  },
  "pretty addresses are one program's": async (site) => {
    const asked = async (path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
      (await (await site.fetch(path, init)).json()) as Record<string, unknown>;
    const page = await asked("blog/2026/a-page?x=1");
    assert.equal(page["REQUEST_URI"], "/blog/2026/a-page?x=1");
    assert.deepEqual([page["SCRIPT_NAME"], page["PATH_INFO"]], ["/index.php", null]);
    assert.deepEqual(page["get"], { x: "1" });
    const body = new URLSearchParams({ comment: "ä & b" });
    const sent = await asked("blog/2026/a-page/comments", { method: "POST", body });
    assert.deepEqual([sent["REQUEST_METHOD"], sent["post"]], ["POST", { comment: "ä & b" }]);
    assert.equal((await asked("blog/x", { method: "DELETE" }))["REQUEST_METHOD"], "DELETE");
    assert.equal((await asked(""))["SCRIPT_NAME"], "/index.php", "a folder's index");
    assert.match(await (await site.fetch("blog/plain.txt")).text(), /^<\?php/, "a file is itself");
  },
  "twenty at once": async (site) => {
    const texts = Array.from({ length: 20 }, async () => (await site.fetch("input.php")).text());
    for (const text of await Promise.all(texts)) assert.match(text, /^0 /);
  },
};

// What PHP says of the ends that are wanted here, and the server of their answers.
const COMPLAINTS =
  /PHP |Stack trace|#0|thrown|a complaint|of two lines|cut short|not run|sendFiles|\.php/;

for (const way of PHP_WAYS) {
  test(`PHP by ${way.name}`, { skip: way.skip }, (t) =>
    withPhp(way, COMPLAINTS, async (site) => {
      for (const [name, check] of Object.entries(CASES)) await t.test(name, () => check(site));
    }),
  );
}

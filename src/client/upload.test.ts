import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { test } from "node:test";
import { withAnswers, withFileOf, type Asked } from "../testing/index.ts";
import { ClientFailure, type ClientFailureCode } from "./failure.ts";
import { HttpClient } from "./http-client.ts";
import { Place } from "./place.ts";
import { upload, type Uploaded } from "./upload.ts";

const OTHER = createHash("sha256").update("something else").digest();

function digestField(body: Uint8Array): string {
  return `Repr-Digest: sha-256=:${createHash("sha256").update(body).digest("base64")}:\r\n`;
}

function hexOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function stored(result: Uploaded | ClientFailure): Uploaded {
  assert.ok(!(result instanceof ClientFailure), (result as ClientFailure).message);
  return result;
}

function failed(result: unknown, code: ClientFailureCode): ClientFailure {
  assert.ok(result instanceof ClientFailure);
  assert.equal(result.code, code, result.message);
  return result;
}

const place = (url: string): Place => Place.parse(url)!;

test("a file is put under its name, and verified by the answer's field", () =>
  withFileOf(300_000, (path, content) =>
    withAnswers(
      {
        answer: ({ body }) =>
          `HTTP/1.1 201 Created\r\n${digestField(body)}Content-Length: 0\r\n\r\n`,
      },
      async ({ origin, asked }) => {
        const seen: number[] = [];
        const onProgress = (sent: number, total: number): void => {
          assert.equal(total, 300_000);
          seen.push(sent);
        };
        const typeOf = (): string => "image/png";
        const result = stored(await upload(path, place(`${origin}/up/`), { onProgress, typeOf }));
        assert.deepEqual(result, {
          file: path,
          method: "PUT",
          status: 201,
          url: `${origin}/up/file.bin`,
          path: null,
          bytes: 300_000,
          sha256: hexOf(content),
          storedSha256: hexOf(content),
          verified: true,
        });
        assert.equal(seen.at(-1), 300_000);
        const [{ method, target, fields, body }] = asked as [Asked];
        assert.equal(`${method} ${target}`, "PUT /up/file.bin");
        assert.equal(fields.get("content-type"), "image/png");
        assert.equal(fields.get("want-repr-digest"), "sha-256=10");
        assert.ok(body.equals(content));
      },
    ),
  ));

test("a 204 without a digest is stored and not verified; fetchDigest asks", () =>
  withFileOf(5, (path, content) =>
    withAnswers(
      {
        answer: ({ method }) =>
          method === "PUT"
            ? "HTTP/1.1 204 No Content\r\nLocation: /other\r\n\r\n"
            : `HTTP/1.1 200 OK\r\n${digestField(content)}Content-Length: 5\r\n\r\n`,
      },
      async ({ origin, asked }) => {
        const plain = stored(await upload(path, place(`${origin}/x`)));
        assert.deepEqual([plain.verified, plain.url], [false, `${origin}/other`]);
        const fields = [
          ["If-None-Match", "*"],
          ["X-Key", "k"],
        ] as const;
        const options = { fetchDigest: true, fields };
        assert.equal(stored(await upload(path, place(`${origin}/x`), options)).verified, true);
        const head = asked.at(-1)!;
        assert.deepEqual([head.method, head.target], ["HEAD", "/other"]);
        assert.deepEqual([head.fields.get("if-none-match"), head.fields.get("x-key")], [null, "k"]);
      },
    ),
  ));

for (const answer of ["404 Not Found", "405 No", "500 Oh", "302 Found"]) {
  test(`a HEAD that is answered ${answer} leaves the upload good, and not verified`, () =>
    withFileOf(5, (path) =>
      withAnswers(
        {
          answer: ({ method }) =>
            `HTTP/1.1 ${method === "PUT" ? "201 Created" : answer}\r\nContent-Length: 0\r\n\r\n`,
        },
        async ({ origin }) => {
          const result = await upload(path, place(`${origin}/x`), { fetchDigest: true });
          assert.equal(stored(result).verified, false);
        },
      ),
    ));
}

test("a Location in another house is not asked", () =>
  withFileOf(5, (path) =>
    withAnswers(
      {
        answer: () =>
          "HTTP/1.1 201 X\r\nLocation: http://evil.invalid/\r\nContent-Length: 0\r\n\r\n",
      },
      async ({ origin }) => {
        assert.equal(stored(await upload(path, place(`${origin}/x`))).url, `${origin}/x`);
      },
    ),
  ));

test("another digest is a failure with both", () =>
  withFileOf(5, (path, content) =>
    withAnswers(
      {
        answer: () =>
          `HTTP/1.1 204 X\r\nRepr-Digest: sha-256=:${OTHER.toString("base64")}:\r\n\r\n`,
      },
      async ({ origin }) => {
        const failure = failed(await upload(path, place(`${origin}/x`)), "digestDiffers");
        assert.deepEqual(failure.digests, { here: hexOf(content), there: OTHER.toString("hex") });
      },
    ),
  ));

const NOT_STORED: { answer: string; code: ClientFailureCode }[] = [
  { answer: "HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n", code: "refused" },
  { answer: "HTTP/1.1 302 X\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", code: "refused" },
  { answer: "HTTP/1.1 202 X\r\nContent-Length: 0\r\n\r\n", code: "answerUnknown" },
  { answer: "HTTP/1.1 206 X\r\nContent-Length: 0\r\n\r\n", code: "answerUnknown" },
  {
    answer:
      "HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<title>Login</title>",
    code: "answerUnknown",
  },
  { answer: "HTTP/1.1 201 X\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{", code: "cut" },
];
for (const { answer, code } of NOT_STORED) {
  test(`a PUT that is answered ${JSON.stringify(answer.slice(9, 60))} is ${code}`, () =>
    withFileOf(5, (path) =>
      withAnswers({ answer: () => answer }, async ({ origin }) => {
        failed(await upload(path, place(`${origin}/x`)), code);
      }),
    ));
}

test("success before all was sent is none", () =>
  withFileOf(3_000_000, (path) =>
    withAnswers(
      {
        early: () => "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
        answer: () => null,
      },
      async ({ origin }) => {
        failed(await upload(path, place(`${origin}/x`)), "answerUnknown");
      },
    ),
  ));

test("a file that grows while it is sent is not finished", () =>
  withFileOf(900_000, (path) =>
    withAnswers({ answer: () => "HTTP/1.1 204 X\r\n\r\n" }, async ({ origin, asked }) => {
      const onProgress = (): void => appendFileSync(path, "x");
      failed(await upload(path, place(`${origin}/x`), { onProgress }), "fileChanged");
      assert.equal(asked.length, 0);
    }),
  ));

test("a client is kept from one upload to the next, and left open", () =>
  withFileOf(5, (path) =>
    withAnswers({ answer: () => "HTTP/1.1 204 X\r\n\r\n" }, async ({ origin, connections }) => {
      const client = new HttpClient();
      for (const file of [path, path]) stored(await upload(file, place(`${origin}/`), { client }));
      client.close();
      assert.equal(connections(), 1);
    }),
  ));

test("a file that is not there is told, and nobody is asked", () =>
  withAnswers({ answer: () => "HTTP/1.1 204 X\r\n\r\n" }, async ({ origin, asked }) => {
    failed(await upload("/no/such/file", place(`${origin}/`)), "fileUnreadable");
    assert.equal(asked.length, 0);
  }));

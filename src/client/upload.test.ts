import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withAnswers, withFileOf, withTemporaryFolder, type Asked } from "../testing/index.ts";
import { ClientFailure, type ClientFailureCode } from "./failure.ts";
import { HttpClient } from "./http-client.ts";
import { Place } from "./place.ts";
import { upload, uploadForm, type Uploaded } from "./upload.ts";

const OTHER = createHash("sha256").update("something else").digest();

function digestField(body: Uint8Array): string {
  return `Repr-Digest: sha-256=:${createHash("sha256").update(body).digest("base64")}:\r\n`;
}

function hexOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function json(status: number, value: unknown): string {
  const text = JSON.stringify(value);
  return `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
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

function formAnswer({ body }: Asked): string {
  // Good enough for parts without line ends.
  const contents = [
    ...body.toString("latin1").matchAll(/filename="([^"]*)"\r\n.*\r\n\r\n(.*)\r\n/g),
  ];
  const files = contents.map(([, name, content]) => {
    return { name, path: `/uploads/${name}`, sha256: hexOf(Buffer.from(content!, "latin1")) };
  });
  return json(201, { status: "success", files, fields: {} });
}

async function withFiles(use: (files: string[]) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const files = ["a", "b"].map((name) => join(folder, name));
    for (const file of files) await writeFile(file, `content of ${file}`);
    await use(files);
  });
}

for (const status of [405, 501]) {
  test(`a PUT that is answered ${status} becomes a form`, () =>
    withFiles(([file]) =>
      withAnswers(
        {
          answer: (asked) =>
            asked.method === "POST"
              ? formAnswer(asked)
              : `HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`,
        },
        async ({ origin, asked }) => {
          const result = stored(await upload(file!, place(`${origin}/up/?a=b`)));
          const { method, path, verified } = result;
          assert.deepEqual([method, path, verified], ["POST", "/uploads/a", true]);
          assert.deepEqual(
            asked.map(({ method, target }) => `${method} ${target}`),
            ["PUT /up/a?a=b", "POST /up/?a=b"],
          );
        },
      ),
    ));
}

test("files of one form come back each by its own", () =>
  withFiles((files) =>
    withAnswers({ answer: formAnswer }, async ({ origin, asked }) => {
      const formFields = [["album", "x"]] as const;
      const fields = [["Content-Type", "text/plain"]] as const;
      const results = await uploadForm(files, place(`${origin}/up`), { formFields, fields });
      assert.ok(!(results instanceof ClientFailure));
      assert.deepEqual(
        results.map(({ file, path, verified }) => [file, path, verified]),
        [
          [files[0], "/uploads/a", true],
          [files[1], "/uploads/b", true],
        ],
      );
      assert.match(asked[0]!.fields.get("content-type")!, /^multipart\/form-data; boundary=/);
    }),
  ));

test("what the server changed is compared as it was received", () =>
  withFiles(([file]) =>
    withAnswers(
      {
        answer: (asked) => {
          const { files } = JSON.parse(formAnswer(asked).split("\r\n\r\n")[1]!) as {
            files: { sha256: string }[];
          };
          const one = {
            ...files[0],
            receivedSha256: files[0]!.sha256,
            sha256: OTHER.toString("hex"),
          };
          return json(201, { status: "success", files: [one] });
        },
      },
      async ({ origin }) => {
        const results = await uploadForm([file!], place(origin));
        assert.ok(!(results instanceof ClientFailure));
        const [{ verified, storedSha256 }] = results as [Uploaded];
        assert.deepEqual([verified, storedSha256], [true, OTHER.toString("hex")]);
      },
    ),
  ));

const NO_FORM: { answer: (asked: Asked) => string; code: ClientFailureCode; why: string }[] = [
  { answer: () => json(201, { status: "success" }), code: "answerUnknown", why: "names no file" },
  {
    answer: () => json(201, { status: "success", files: [{ name: "a" }] }),
    code: "answerUnknown",
    why: "names one file of two",
  },
  {
    answer: () => json(200, { status: "error", message: "no", files: [] }),
    code: "answerUnknown",
    why: "speaks of an error",
  },
  {
    answer: () => "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine",
    code: "answerUnknown",
    why: "is no JSON",
  },
  {
    answer: () => "HTTP/1.1 303 X\r\nLocation: /page\r\nContent-Length: 0\r\n\r\n",
    code: "refused",
    why: "is a page elsewhere",
  },
  { answer: () => json(507, { message: "full" }), code: "refused", why: "is 507" },
  {
    answer: (asked) => {
      const sha256 = OTHER.toString("hex");
      assert.equal(asked.method, "POST");
      return json(201, { status: "success", files: [{ sha256 }, { sha256 }] });
    },
    code: "digestDiffers",
    why: "has another digest",
  },
];
for (const { answer, code, why } of NO_FORM) {
  test(`an answer to a form that ${why} is ${code}`, () =>
    withFiles((files) =>
      withAnswers({ answer }, async ({ origin }) => {
        failed(await uploadForm(files, place(origin)), code);
      }),
    ));
}

test("a client is kept from one upload to the next, and left open", () =>
  withFiles((files) =>
    withAnswers({ answer: () => "HTTP/1.1 204 X\r\n\r\n" }, async ({ origin, connections }) => {
      const client = new HttpClient();
      for (const file of files) stored(await upload(file, place(`${origin}/`), { client }));
      client.close();
      assert.equal(connections(), 1);
    }),
  ));

test("a file that is not there is told, and nobody is asked", () =>
  withAnswers({ answer: () => "HTTP/1.1 204 X\r\n\r\n" }, async ({ origin, asked }) => {
    failed(await upload("/no/such/file", place(`${origin}/`)), "fileUnreadable");
    assert.equal(asked.length, 0);
  }));

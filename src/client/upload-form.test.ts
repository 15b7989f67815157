import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withAnswers, withTemporaryFolder, type Asked } from "../testing/index.ts";
import { ClientFailure, type ClientFailureCode } from "./failure.ts";
import { Place } from "./place.ts";
import { upload, uploadForm, type Uploaded } from "./upload.ts";

const OTHER = createHash("sha256").update("something else").digest();

function hexOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function json(status: number, value: unknown): string {
  const text = JSON.stringify(value);
  const type = "Content-Type: application/json";
  return `HTTP/1.1 ${status} X\r\n${type}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
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

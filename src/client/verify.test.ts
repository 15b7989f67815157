import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import { withAnswers, withFileOf, type Asked } from "../testing/index.ts";
import { ClientFailure } from "./failure.ts";
import { Place } from "./place.ts";
import { verify, type Verdict } from "./verify.ts";

const OTHER = createHash("sha256").update("something else").digest();

function head(fields: readonly string[], status = "200 OK"): string {
  return `HTTP/1.1 ${status}\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;
}

function digest(content: Uint8Array): string {
  return `Repr-Digest: sha-256=:${createHash("sha256").update(content).digest("base64")}:`;
}

type Answering = (asked: Asked, content: Buffer) => string;

/** What is found of a file of 5 000 bytes at a server that answers so. */
async function found(
  answer: Answering,
  check: (result: Verdict | ClientFailure, asked: readonly string[]) => void,
): Promise<void> {
  await withFileOf(5000, (path, content) =>
    withAnswers({ answer: (asked) => answer(asked, content) }, async ({ origin, asked }) => {
      const result = await verify(path, Place.parse(`${origin}/up/`)!, {
        fields: [["X-Key", "k"]],
      });
      for (const { target, fields } of asked) {
        assert.equal(fields.get("x-key"), "k");
        assert.ok(["/up/file.bin", "/new"].includes(target), target);
      }
      check(
        result,
        asked.map(({ method }) => method),
      );
    }),
  );
}

const VERDICTS: { why: string; answer: Answering; same: boolean; by: string; methods: string[] }[] =
  [
    {
      why: "an equal digest",
      answer: (_, content) => head([digest(content), "Content-Length: 5000"]),
      same: true,
      by: "digest",
      methods: ["HEAD"],
    },
    {
      why: "an equal digest without a length",
      answer: (_, content) => head([digest(content), "Transfer-Encoding: chunked"]),
      same: true,
      by: "digest",
      methods: ["HEAD"],
    },
    {
      why: "another digest",
      answer: () => head([digest(OTHER), "Content-Length: 5000"]),
      same: false,
      by: "digest",
      methods: ["HEAD"],
    },
    {
      why: "another size, whatever the digest",
      answer: (_, content) => head([digest(content), "Content-Length: 5001"]),
      same: false,
      by: "size",
      methods: ["HEAD"],
    },
    {
      why: "no digest, and equal bytes",
      answer: ({ method }, content) =>
        head(["Content-Length: 5000"]) + (method === "GET" ? content.toString("latin1") : ""),
      same: true,
      by: "content",
      methods: ["HEAD", "GET"],
    },
    {
      why: "no digest, and other bytes",
      answer: ({ method }) =>
        head(["Content-Length: 5000"]) + (method === "GET" ? "x".repeat(5000) : ""),
      same: false,
      by: "content",
      methods: ["HEAD", "GET"],
    },
    {
      why: "a digest that is malformed, and equal bytes",
      answer: ({ method }, content) =>
        head(["Repr-Digest: sha-256=:AAAA:", "Content-Length: 5000"]) +
        (method === "GET" ? content.toString("latin1") : ""),
      same: true,
      by: "content",
      methods: ["HEAD", "GET"],
    },
    {
      why: "no HEAD, and equal bytes of no announced length",
      answer: ({ method }, content) =>
        method === "HEAD"
          ? head(["Content-Length: 0"], "405 No")
          : head(["Connection: close"]) + content.toString("latin1"),
      same: true,
      by: "content",
      methods: ["HEAD", "GET"],
    },
    {
      why: "no HEAD, and bytes without end",
      answer: ({ method }) =>
        method === "HEAD"
          ? head(["Content-Length: 0"], "501 No")
          : head(["Content-Length: 99999999999"]) + "x".repeat(100_000),
      same: false,
      by: "size",
      methods: ["HEAD", "GET"],
    },
    {
      why: "a redirect to an equal digest",
      answer: ({ target }, content) =>
        target === "/new"
          ? head([digest(content), "Content-Length: 5000"])
          : head(["Location: /new", "Content-Length: 0"], "302 Found"),
      same: true,
      by: "digest",
      methods: ["HEAD", "HEAD"],
    },
  ];
for (const { why, answer, same, by, methods } of VERDICTS) {
  test(`${why} is ${same ? "the same" : "a difference"}`, () =>
    found(answer, (result, asked) => {
      assert.ok(!(result instanceof ClientFailure), (result as ClientFailure).message);
      assert.deepEqual([result.same, result.by, asked], [same, by, methods]);
    }));
}

const FAILURES: { why: string; answer: Answering; code: string }[] = [
  { why: "404", answer: () => head(["Content-Length: 0"], "404 No"), code: "refused" },
  { why: "401", answer: () => head(["Content-Length: 0"], "401 No"), code: "refused" },
  { why: "a 204", answer: () => head([], "204 No Content"), code: "refused" },
  {
    why: "a HEAD that is fine and a GET that is not",
    answer: ({ method }) =>
      method === "HEAD" ? head(["Content-Length: 5000"]) : head(["Content-Length: 0"], "500 Oh"),
    code: "refused",
  },
  {
    why: "a coding only, though its digest is the file's",
    answer: ({ method }, content) =>
      head(["Content-Encoding: gzip", digest(content), "Content-Length: 3"]) +
      (method === "GET" ? "abc" : ""),
    code: "answerUnknown",
  },
  {
    why: "bytes that are cut off",
    answer: ({ method }) =>
      head(["Connection: close", "Content-Length: 5000"]) + (method === "GET" ? "abc" : ""),
    code: "cut",
  },
];
for (const { why, answer, code } of FAILURES) {
  test(`${why} is no verdict`, () =>
    found(answer, (result) => {
      assert.ok(result instanceof ClientFailure);
      assert.equal(result.code, code, result.message);
    }));
}

test("a file that is gone is told, and nobody is asked", () =>
  withFileOf(1, (path) =>
    withAnswers({ answer: () => head([]) }, async ({ origin, asked }) => {
      await rm(path);
      const result = await verify(path, Place.parse(origin)!);
      assert.ok(result instanceof ClientFailure);
      assert.deepEqual([result.code, asked.length], ["fileUnreadable", 0]);
    }),
  ));

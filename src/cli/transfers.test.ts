import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { withAnswers, type Asked } from "../testing/index.ts";
import { moveToTemporaryFolder, portico } from "../testing/in-process.ts";
import { verdictText } from "./verify.ts";

moveToTemporaryFolder();
mkdirSync("folder");
writeFileSync("a.txt", "hello");
writeFileSync("folder/b.jpg", "picture");

const HELLO = createHash("sha256").update("hello").digest("hex");
const OTHER = createHash("sha256").update("other").digest("hex");

function created({ body }: Asked): string {
  const digest = createHash("sha256").update(body).digest("base64");
  return `HTTP/1.1 201 X\r\nRepr-Digest: sha-256=:${digest}:\r\nContent-Length: 0\r\n\r\n`;
}

function answerOf(status: number, text = "", type = "application/json"): string {
  const length = Buffer.byteLength(text, "latin1");
  const fields = `Content-Type: ${type}\r\nContent-Length: ${length}\r\n`;
  return `HTTP/1.1 ${status} X\r\n${fields}\r\n${text}`;
}

test("upload says where each file went, with its type by its name", () =>
  withAnswers({ answer: created }, async ({ origin, asked }) => {
    const ended = await portico("upload", "a.txt", "folder/b.jpg", `${origin}/up/`);
    const lines =
      `a.txt: stored at ${origin}/up/a.txt (5 B, verified)\n` +
      `folder/b.jpg: stored at ${origin}/up/b.jpg (7 B, verified)\n`;
    assert.deepEqual(ended, { code: 0, out: lines, err: "" });
    assert.deepEqual(
      asked.map(({ fields }) => fields.get("content-type")),
      ["text/plain", "image/jpeg"],
    );
  }));

test("upload --json prints a value a line", () =>
  withAnswers({ answer: created }, async ({ origin }) => {
    const { code, out } = await portico("upload", "a.txt", `${origin}/x`, "--json");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), {
      file: "a.txt",
      ok: true,
      method: "PUT",
      status: 201,
      url: `${origin}/x`,
      path: null,
      bytes: 5,
      sha256: HELLO,
      storedSha256: HELLO,
      verified: true,
    });
  }));

test("a failure names its file, however short the name is", () =>
  withAnswers({ answer: () => answerOf(409) }, async ({ origin }) => {
    writeFileSync("a", "x");
    const { code, err } = await portico("upload", "a", `${origin}/up/`);
    assert.equal(code, 1);
    assert.ok(err.startsWith("portico: a: the name is taken"), err);
  }));

test("a password of the URL is sent, and is in nothing that is said", () =>
  withAnswers({ answer: created }, async ({ origin, asked }) => {
    const url = `${origin.replace("//", "//ann:secret@")}/up/`;
    const { code, out, err } = await portico("upload", "a.txt", url, "-H", "X-Key: k ");
    assert.equal(code, 0);
    const { fields } = asked[0]!;
    const basic = `Basic ${Buffer.from("ann:secret").toString("base64")}`;
    assert.deepEqual([fields.get("authorization"), fields.get("x-key")], [basic, "k"]);
    assert.doesNotMatch(out + err, /secret/);
  }));

test("a server that took one file as a form gets the next so at once", () =>
  withAnswers(
    {
      answer: ({ method }) => {
        if (method === "PUT") return answerOf(405);
        return answerOf(201, '{"status":"success","files":[{"path":"/uploads/\\u001b[2Jx"}]}');
      },
    },
    async ({ origin, asked }) => {
      const { code, out } = await portico("upload", "a.txt", "folder/b.jpg", `${origin}/up/`);
      assert.equal(code, 0);
      assert.match(out, /^a\.txt: stored as \/uploads\/\ufffd\[2Jx \(5 B, not verified: .*\)\n/);
      assert.deepEqual(
        asked.map(({ method }) => method),
        ["PUT", "POST", "POST"],
      );
    },
  ));

test("--field sends all files as one form, to a URL without a last slash, too", () =>
  withAnswers(
    {
      answer: () => {
        const files = [{ path: "/u/a", sha256: HELLO }, { path: "/u/b" }];
        return answerOf(201, JSON.stringify({ status: "success", files }));
      },
    },
    async ({ origin, asked }) => {
      const args = ["a.txt", "folder/b.jpg", `${origin}/up`, "--field", "k=v=w"];
      const { code, out } = await portico("upload", ...args);
      assert.equal(code, 0);
      assert.match(out, /stored as \/u\/a \(5 B, verified\)\n.*stored as \/u\/b .*not verified/);
      assert.match(asked[0]!.body.toString(), /name="k"\r\n\r\nv=w\r\n/);
    },
  ));

test("a copy that the server changed is verified as received", () =>
  withAnswers(
    {
      answer: () => {
        const files = [{ path: "/u/a", sha256: OTHER, receivedSha256: HELLO }];
        return answerOf(201, JSON.stringify({ status: "success", files }));
      },
    },
    async ({ origin }) => {
      const { code, out } = await portico("upload", "a.txt", origin, "--multipart");
      assert.equal(code, 0);
      assert.match(out, /verified as received; the server keeps a changed copy/);
    },
  ));

test("another digest is exit 1 with both", () =>
  withAnswers(
    {
      answer: () => {
        const digest = Buffer.from(OTHER, "hex").toString("base64");
        return `HTTP/1.1 204 X\r\nRepr-Digest: sha-256=:${digest}:\r\n\r\n`;
      },
    },
    async ({ origin }) => {
      const { code, out, err } = await portico("upload", "a.txt", `${origin}/`, "--json");
      assert.equal(code, 1);
      assert.ok(err.includes(HELLO) && err.includes(OTHER), err);
      const { ok, code: what, sha256, remoteSha256 } = JSON.parse(out) as Record<string, unknown>;
      assert.deepEqual([ok, what, sha256, remoteSha256], [false, "digestDiffers", HELLO, OTHER]);
    },
  ));

const REFUSED: { status: number; text?: string; type?: string; says: string }[] = [
  { status: 401, says: "wants credentials" },
  { status: 409, text: '{"message":"It is there."}', says: "it says: It is there." },
  { status: 413, text: "<title>413</title>", type: "text/html", says: "larger than" },
  { status: 415, says: "type" },
  { status: 502, text: "<html>\x1b[2J", type: "text/html", says: "a proxy got no good answer" },
  { status: 507, text: "full\x1b[2J", type: "text/plain", says: "it says: full\ufffd[2J" },
];
for (const { status, text, type, says } of REFUSED) {
  test(`${status} is told in words, the other files are sent, and the exit code is 1`, () =>
    withAnswers(
      {
        answer: (asked) =>
          asked.target === "/a.txt" ? answerOf(status, text, type) : created(asked),
      },
      async ({ origin }) => {
        const { code, out, err } = await portico("upload", "a.txt", "folder/b.jpg", `${origin}/`);
        assert.equal(code, 1);
        assert.match(err, /^portico: a\.txt: .*\n$/);
        assert.ok(err.includes(says), err);
        assert.match(out, /^folder\/b\.jpg: stored.*\n$/);
      },
    ));
}

test("a form that is refused is one failure", () =>
  withAnswers({ answer: () => answerOf(413) }, async ({ origin }) => {
    const args = ["a.txt", "folder/b.jpg", `${origin}/`, "--multipart"];
    const { code, out, err } = await portico("upload", ...args);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^portico: 2 files: the file is larger.*\n$/);
  }));

for (const command of ["upload", "verify"]) {
  test(`${command} does not try a server that is not there for each file`, async () => {
    const url = "http://no-such-name.invalid/";
    const { code, err } = await portico(command, "a.txt", "folder/b.jpg", url);
    assert.equal(code, 1);
    assert.match(err, /no machine has that name\nportico: 1 more not tried\n$/);
  });
}

test("verify says what is the same, what differs and what is missing", () =>
  withAnswers(
    {
      answer: ({ target }) =>
        target === "/a.txt"
          ? created({ body: Buffer.from("hello") } as Asked)
              .replace("201", "200")
              .replace("Length: 0", "Length: 5")
          : answerOf(404),
    },
    async ({ origin }) => {
      const good = await portico("verify", "a.txt", `${origin}/`);
      const same = `a.txt: same as ${origin}/a.txt (sha-256 ${HELLO})\n`;
      assert.deepEqual(good, { code: 0, out: same, err: "" });
      const both = await portico("verify", "a.txt", "folder/b.jpg", `${origin}/`, "--json");
      assert.equal(both.code, 1);
      const values = both.out.trimEnd().split("\n");
      const oks = values.map((line) => (JSON.parse(line) as { ok: boolean }).ok);
      assert.deepEqual(oks, [true, false]);
      assert.match(both.err, /no such place/);
    },
  ));

const VERDICT = {
  file: "a",
  url: "http://h/a",
  same: false,
  by: "size",
  bytes: 5,
  remoteBytes: 6,
  sha256: null,
  remoteSha256: null,
} as const;
const TEXTS = [
  { verdict: VERDICT, text: "a: differs from http://h/a: 5 bytes here, 6 there" },
  {
    verdict: { ...VERDICT, remoteBytes: null },
    text: "a: differs from http://h/a: 5 bytes here, more than 5 there",
  },
  {
    verdict: { ...VERDICT, by: "digest", sha256: "x", remoteSha256: "y" },
    text: "a: differs from http://h/a: sha-256 x here, y there",
  },
  {
    verdict: { ...VERDICT, same: true, by: "content", sha256: "x", remoteSha256: "x" },
    text: "a: same as http://h/a (sha-256 x; the server gives no digest, so 5 B were read)",
  },
] as const;
for (const { verdict, text } of TEXTS) {
  test(`a verdict is told as ${text}`, () => {
    assert.equal(verdictText(verdict), text);
  });
}

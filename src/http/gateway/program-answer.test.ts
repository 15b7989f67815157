import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../base/clock.ts";
import { Failure } from "../../base/failure.ts";
import { OpenFileCache } from "../../storage/index.ts";
import { exchangeOf, LogNotes, withTemporaryFolder, type AskedFor } from "../../testing/index.ts";
import { ByteStream, FileSlice, Reply, type Answer } from "../exchange/index.ts";
import { ProgramAnswer, type ProgramRules } from "./program-answer.ts";

const files = new OpenFileCache({ clock: systemClock });
const RULES: ProgramRules = {
  files,
  sendFrom: [],
  isSource: (path) => path.endsWith(".php"),
  log: new LogNotes(),
};

class Source {
  readonly calls: string[] = [];
  resume(): void {
    this.calls.push("resume");
  }
  leave(): void {
    this.calls.push("leave");
  }
}

interface Ran {
  readonly answer: Answer;
  readonly program: ProgramAnswer;
  readonly calls: readonly string[];
}

/** A program that writes `output`, and ends (by `end`, if it is not null). */
async function ran(
  output: string | readonly string[],
  { asked = {}, rules = {}, end = null }: RanOptions = {},
): Promise<Ran> {
  const source = new Source();
  const program = new ProgramAnswer(exchangeOf(asked), { ...RULES, ...rules }, source);
  for (const piece of [output].flat()) program.feed(Buffer.from(piece, "latin1"));
  program.end(end);
  return { answer: await program.answer, program, calls: source.calls };
}

interface RanOptions {
  readonly asked?: AskedFor;
  readonly rules?: Partial<ProgramRules>;
  readonly end?: Failure | null;
}

/** The answer in words: status, fields and body, or the failure's code. */
async function told({ answer }: Ran): Promise<string> {
  if (answer instanceof Failure) return answer.code;
  const fields = answer.fields.map(([name, value]) => `${name}: ${value}`).join(" | ");
  return `${answer.status} ${fields} [${await bodyOf(answer)}]`;
}

async function bodyOf({ body }: Reply): Promise<string> {
  if (body instanceof FileSlice) {
    const { file, offset, length } = body;
    file.release();
    return Buffer.from(file.bytes!).toString("latin1", offset, offset + length);
  }
  if (!(body instanceof ByteStream)) return String(body);
  let text = "";
  try {
    for await (const piece of body.source) text += Buffer.from(piece).toString("latin1");
  } catch (error) {
    return `${text}… ${(error as Error).message}`;
  }
  return text;
}

test("a document goes out with its fields and its body", async () => {
  const output = "Content-Type: text/plain\nStatus: 404 Not Here\nX-A: 1\n\nnope";
  assert.equal(await told(await ran(output)), "404 Content-Type: text/plain | X-A: 1 [nope]");
});

test("a redirect to another site is told to the client", async () => {
  const got = await told(await ran("Location: http://example.org/x\n\n"));
  assert.equal(got, "302 Location: http://example.org/x []");
});

test("a body of known length is one that the driver checks", async () => {
  const { answer, program } = await ran("Content-Type: a/b\nContent-Length: 4\n\ndone");
  assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
  assert.equal(answer.body.length, 4);
  assert.equal(program.failure, null);
});

for (const [name, output] of [
  ["nothing", ""],
  ["text without a head", "just text"],
  ["an empty head", "\n\nbody"],
  ["no Content-Type", "X-A: 1\n\nbody"],
  ["half a head", "Content-Type: text/plain\n"],
  ["a status that is none", "Status: 99\nContent-Type: a/b\n\nx"],
] as const) {
  test(`${name} is no answer, and the program is left`, async () => {
    const { answer, program, calls } = await ran(output);
    assert.ok(answer instanceof Failure);
    assert.equal(program.failure, answer);
    assert.deepEqual(calls, ["leave"]);
  });
}

test("a program that failed before its head is that failure", async () => {
  const { answer } = await ran("", { end: new Failure("programFailed", "gone") });
  assert.ok(answer instanceof Failure && answer.code === "programFailed");
});

test("one that failed behind its head never looks whole", async () => {
  const end = new Failure("programFailed", "gone");
  const got = await told(await ran("Content-Type: a/b\n\nhalf", { end }));
  assert.match(got, /^200 .*\[half… the program's answer is broken: programFailed\]$/);
});

test("one that wrote less than it announced never looks whole", async () => {
  const got = await told(await ran("Content-Type: a/b\nContent-Length: 9\n\nhalf"));
  assert.match(got, /\[half… the program's answer is broken: /);
});

test("what it writes behind its length is nobody's", async () => {
  const got = await told(await ran(["Content-Type: a/b\nContent-Length: 3\n\nabc", "def"]));
  assert.equal(got, "200 Content-Type: a/b [abc]");
});

test("a body that nobody takes has the program wait, and go on", async () => {
  const source = new Source();
  const program = new ProgramAnswer(exchangeOf({}), RULES, source);
  assert.equal(program.feed(Buffer.from("Content-Type: a/b\n\n")), true);
  const block = Buffer.alloc(64 * 1024);
  assert.equal(program.feed(block), true);
  assert.equal(program.feed(block), false);
  const answer = await program.answer;
  assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
  const reader = answer.body.source[Symbol.asyncIterator]();
  await reader.next();
  await reader.next();
  assert.deepEqual(source.calls, ["resume"]);
});

test("a body that nobody wants leaves the program, whose output is dropped", async () => {
  const source = new Source();
  const program = new ProgramAnswer(exchangeOf({ method: "HEAD" }), RULES, source);
  program.feed(Buffer.from("Content-Type: a/b\n\n"));
  const answer = await program.answer;
  assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
  await answer.body.source[Symbol.asyncIterator]().return!();
  assert.deepEqual(source.calls, ["leave"]);
  for (let n = 0; n < 10; n += 1) assert.equal(program.feed(Buffer.alloc(64 * 1024)), true);
  program.end(null);
  assert.equal(program.failure, null);
});

test("a local redirect is answered by the route that it names, by GET", async () => {
  const seen: string[] = [];
  const asked: AskedFor = {
    method: "POST",
    target: "/cgi-bin/a",
    dispatch: (exchange) => {
      seen.push(`${exchange.method} ${exchange.path}?${exchange.query}`);
      return new Reply(200, [["X-From", "there"]], Buffer.from("there"));
    },
  };
  const got = await ran("Location: /b/c?d=1\n\n", { asked });
  assert.equal(await told(got), "200 X-From: there [there]");
  assert.deepEqual(seen, ["GET /b/c?d=1"]);
  assert.deepEqual(got.calls, ["leave"]);
});

for (const target of ["/a/../b", "/%00", "/%zz"]) {
  test(`a local redirect to ${target} is no answer`, async () => {
    assert.equal(await told(await ran(`Location: ${target}\n\n`)), "programFailed");
  });
}

async function withFiles(use: (folder: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "sub/a b.txt"), "content");
    await writeFile(join(folder, "code.php"), "<?php");
    await writeFile(join(folder, ".secret"), "x");
    await symlink("/etc/passwd", join(folder, "out.txt"));
    await use(folder);
  });
}

function naming(folder: string, file: string, more = ""): string {
  const path = Buffer.from(`${folder}/${file}`).toString("latin1");
  return `Content-Type: text/x-own\nContent-Disposition: inline\nX-Sendfile: ${path}\n${more}\nignored`;
}

test("a file that X-Sendfile names goes out, with what the program said of it", async () => {
  await withFiles(async (folder) => {
    const rules = { sendFrom: [files.root(folder, false)] };
    const got = await ran(naming(folder, "sub/a b.txt", "Set-Cookie: a=1\n"), { rules });
    const text = await told(got);
    assert.match(text, /^200 .*\[content\]$/);
    assert.match(
      text,
      /Content-Type: text\/x-own \| Content-Disposition: inline \| Set-Cookie: a=1/,
    );
    assert.match(text, /ETag: /);
    assert.doesNotMatch(text, /Sendfile|text\/plain/i);
    assert.deepEqual(got.calls, ["leave"]);
  });
});

test("X-Sendfile honours ranges and preconditions", async () => {
  await withFiles(async (folder) => {
    const rules = { sendFrom: [files.root(folder, false)] };
    const output = naming(folder, "sub/a b.txt");
    const part = await ran(output, { rules, asked: { fields: { Range: "bytes=1-3" } } });
    assert.match(await told(part), /^206 .*Content-Range: bytes 1-3\/7.*\[ont\]$/);
    const same = await ran(output, { rules, asked: { fields: { "If-None-Match": "*" } } });
    assert.match(await told(same), /^304 /);
  });
});

for (const [file, code] of [
  ["nowhere", "notFound"],
  ["sub", "notFound"],
  [".secret", "notFound"],
  ["code.php", "forbidden"],
  ["out.txt", "forbidden"],
  ["../elsewhere", "notFound"],
  ["sub/../code.php", "forbidden"],
] as const) {
  test(`X-Sendfile of ${file} is ${code}`, async () => {
    await withFiles(async (folder) => {
      const rules = { sendFrom: [files.root(folder, false)] };
      assert.equal(await told(await ran(naming(folder, file), { rules })), code);
    });
  });
}

test("X-Sendfile of a file that lies in none of the route's folders is no answer", async () => {
  await withFiles(async (folder) => {
    assert.equal(await told(await ran(naming(folder, "sub/a b.txt"))), "programFailed");
    const rules = { sendFrom: [files.root(`${folder}/su`, false)] };
    assert.equal(await told(await ran(naming(folder, "sub/a b.txt"), { rules })), "programFailed");
  });
});

test("X-Accel-Redirect is answered by the route that it names, with the program's fields", async () => {
  const asked: AskedFor = {
    method: "POST",
    dispatch: ({ method, path }) =>
      new Reply(
        200,
        [
          ["Content-Type", "text/plain"],
          ["ETag", '"e"'],
        ],
        Buffer.from(method + path),
      ),
  };
  const head = "Content-Type: a/b\nSet-Cookie: a=1\nX-Accel-Redirect: /internal/a%20b\n\n";
  const text = await told(await ran(head, { asked }));
  assert.equal(text, '200 ETag: "e" | Content-Type: a/b | Set-Cookie: a=1 [GET/internal/a b]');
});

test("what X-Accel-Redirect names and is not there is not found", async () => {
  const asked: AskedFor = { dispatch: () => new Failure("notFound") };
  const head = "Content-Type: a/b\nX-Accel-Redirect: /nowhere\n\n";
  assert.equal(await told(await ran(head, { asked })), "notFound");
  const other = "Content-Type: a/b\nX-Accel-Redirect: http://example.org/\n\n";
  assert.equal(await told(await ran(other)), "programFailed");
});

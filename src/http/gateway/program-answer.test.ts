import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import {
  exchangeOf,
  PROGRAM_RULES,
  ran,
  SourceNotes,
  toldBody,
  told,
  type AskedFor,
} from "../../testing/index.ts";
import { ByteStream, Reply } from "../exchange/index.ts";
import { ProgramAnswer } from "./program-answer.ts";

test("a document goes out with its fields and its body", async () => {
  const output = "Content-Type: text/plain\nStatus: 404 Not Here\nX-A: 1\n\nnope";
  assert.equal(await told(await ran(output)), "404 Content-Type: text/plain | X-A: 1 [nope]");
});

test("a redirect to another site is told to the client", async () => {
  const got = await told(await ran("Location: http://example.org/x\n\n"));
  assert.equal(got, "302 Location: http://example.org/x []");
});

test("a body of known length is one that the driver checks", async () => {
  const program = new ProgramAnswer(exchangeOf({}), PROGRAM_RULES, new SourceNotes());
  program.feed(Buffer.from("Content-Type: a/b\nContent-Length: 4\n\ndo"));
  const answer = await program.answer;
  program.feed(Buffer.from("ne"));
  assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
  assert.equal(answer.body.length, 4);
  assert.equal(await toldBody(answer), "done");
  assert.equal(program.failure, null);
});

test("what has come whole with its head leaves whole", async () => {
  const { answer } = await ran(["Content-Type: a/b\n\n", "do", "ne"]);
  assert.ok(answer instanceof Reply && answer.body instanceof Uint8Array);
  assert.equal(await toldBody(answer), "done");
});

test("an empty body that has come whole has a length, too", async () => {
  const { answer } = await ran("Location: http://example.org/x\n\n");
  assert.ok(answer instanceof Reply && answer.body instanceof Uint8Array);
  assert.equal(answer.body.length, 0);
});

test("of an answer to HEAD the length stays", async () => {
  const output = "Content-Type: a/b\nContent-Length: 4\n\n";
  const { answer } = await ran(output, { asked: { method: "HEAD" } });
  assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
  assert.equal(answer.body.length, 4);
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

test("one that failed when its head was known already is that failure still", async () => {
  const end = new Failure("programFailed", "gone");
  assert.equal(await told(await ran("Content-Type: a/b\n\nhalf", { end })), "programFailed");
});

for (const [head, end] of [
  ["Content-Type: a/b", new Failure("programFailed", "gone")],
  ["Content-Type: a/b\nContent-Length: 9", null],
] as const) {
  test(`one that broke off behind its head never looks whole: ${end?.code ?? "cut"}`, async () => {
    const program = new ProgramAnswer(exchangeOf({}), PROGRAM_RULES, new SourceNotes());
    program.feed(Buffer.from(`${head}\n\nhalf`));
    const answer = await program.answer;
    program.end(end);
    assert.ok(answer instanceof Reply);
    assert.match(await toldBody(answer), /^half… the program's answer is broken: /);
  });
}

test("what it writes behind its length is nobody's", async () => {
  const got = await told(await ran(["Content-Type: a/b\nContent-Length: 3\n\nabc", "def"]));
  assert.equal(got, "200 Content-Type: a/b [abc]");
});

test("a body that nobody takes has the program wait, and go on", async () => {
  const source = new SourceNotes();
  const program = new ProgramAnswer(exchangeOf({}), PROGRAM_RULES, source);
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
  const source = new SourceNotes();
  const program = new ProgramAnswer(exchangeOf({}), PROGRAM_RULES, source);
  program.feed(Buffer.from("Content-Type: a/b\n\n"));
  const answer = await program.answer;
  assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
  await answer.body.source[Symbol.asyncIterator]().return!();
  assert.deepEqual(source.calls, ["leave"]);
  for (let n = 0; n < 10; n += 1) assert.equal(program.feed(Buffer.alloc(64 * 1024)), true);
  program.end(null);
  assert.equal(program.failure, null);
});

for (const [method, head] of [
  ["HEAD", "Content-Type: a/b\n\n"],
  ["GET", "Status: 204\n\n"],
  ["GET", "Content-Type: a/b\nContent-Length: 2\n\nok"],
] as const) {
  test(`${method}, ${JSON.stringify(head)}: the answer is over before its program`, async () => {
    const program = new ProgramAnswer(exchangeOf({ method }), PROGRAM_RULES, new SourceNotes());
    program.feed(Buffer.from(head));
    assert.ok((await program.answer) instanceof Reply);
    assert.equal(program.isOver, true);
    program.end(new Failure("programFailed", "by a signal"));
    assert.equal(program.failure, null);
  });
}

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

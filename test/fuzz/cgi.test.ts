// Answers of programs that went wrong are refused or read, the same way however they are cut, and
// nothing comes out that could end a line or a head of our own.
//
// FUZZ_SEED=7 chooses others, FUZZ_COUNT=500000 more of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CgiAnswerParser,
  encodeField,
  encodeStatusLine,
  type CgiHead,
} from "../../src/protocol/index.ts";
import { mutated } from "./mutate.ts";
import { piecesOf } from "./pieces.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const COUNT = Number(process.env["FUZZ_COUNT"] ?? 20_000);

const SEEDS = [
  "Content-Type: text/plain\n\nhello\n",
  "Status: 404 Not Found\r\nContent-type: text/html; charset=UTF-8\r\n\r\n<h1>no</h1>",
  "Status: 404 Not Found\r\nExpires: Fri, 01 Jan 1980 00:00:00 GMT\r\n\r\n",
  "X-Powered-By: PHP/8.2\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 5\r\n" +
    "Content-Type: text/html\r\n\r\nhello",
  "Status: 302 Found\nLocation: /next?x=1\nContent-Type: text/html\n\nmoved",
  "Location: http://a.example/x\n\n",
  "Location: /local?x=1\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n",
  'Status: 304\nETag: "x"\nContent-Length: 99\n\n',
].map((text) => Buffer.from(text, "latin1"));

function outcomeOf(wire: Buffer, random: Random, pieceBytesMax: number) {
  let head: CgiHead | null = null;
  let content = "";
  const parser = new CgiAnswerParser({
    onHead: (one) => (head = one),
    onContent: (bytes) => (content += Buffer.from(bytes).toString("latin1")),
  });
  let failure = null;
  for (const piece of piecesOf(wire, random, pieceBytesMax)) failure ??= parser.feed(piece);
  failure ??= parser.end();
  return { head: head as CgiHead | null, content, surplus: parser.surplus, failure };
}

test(`${COUNT} mutants of answers are read alike however they are cut (seed ${SEED})`, () => {
  const kinds = new Set<string>();
  for (let number = 0; number < COUNT; number += 1) {
    const random = new Random(SEED * 1_000_003 + number);
    const wire = mutated(SEEDS, random);
    const whole = outcomeOf(wire, random, 1_000_000);
    const what = `seed ${SEED}, number ${number}, ${JSON.stringify(wire.toString("latin1"))}`;
    assert.deepEqual(outcomeOf(wire, random, 1 + random.below(80)), whole, what);
    assert.ok(wire.includes(Buffer.from(whole.content, "latin1")), what);
    kinds.add(whole.failure?.code ?? whole.head!.kind);
    if (whole.head === null || whole.head.kind === "localRedirect") continue;
    // They throw on what would break a head.
    encodeStatusLine(whole.head.status);
    for (const [name, value] of whole.head.fields) encodeField(name, value);
    const { length } = whole.head;
    if (whole.failure === null && length !== null && whole.head.status !== 304) {
      assert.equal(whole.content.length, length, what);
    }
  }
  // Else the mutants are all of one kind, and show nothing.
  assert.equal(kinds.size, 3 + 4, [...kinds].join());
});

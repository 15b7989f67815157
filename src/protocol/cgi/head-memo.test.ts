import assert from "node:assert/strict";
import { test } from "node:test";
import { CgiAnswerParser } from "./answer-parser.ts";
import type { CgiHead } from "./head.ts";
import { CgiHeadMemo } from "./head-memo.ts";

/** What a parser makes of `pieces`, as text. */
function parse(pieces: readonly string[], memo?: CgiHeadMemo, headOnly = false): string {
  const heads: CgiHead[] = [];
  let content = "";
  const sink = {
    onHead: (head: CgiHead): void => void heads.push(head),
    onContent: (bytes: Uint8Array): void => void (content += Buffer.from(bytes).toString("latin1")),
  };
  const parser = new CgiAnswerParser(sink, { headerBytes: 4096, headOnly, memo });
  let failure = null;
  for (const piece of pieces) failure ??= parser.feed(Buffer.from(piece, "latin1"));
  failure ??= parser.end();
  const { headDone, isWhole, surplus } = parser;
  return JSON.stringify({ heads, content, failure: failure?.code, headDone, isWhole, surplus });
}

const TYPED = "Content-Type: a/b\nX-A: \xe9\n\n";
const ANSWERS: readonly (readonly string[])[] = [
  [TYPED],
  [`${TYPED}content`],
  [TYPED, "content"],
  [`Content-Type: a/b\nX-A: \xe8\n\ncontent`], // as long
  [TYPED.slice(0, 9), TYPED.slice(9), "content"],
  [TYPED.slice(0, 9)],
  [`X${TYPED}`],
  ["Status: 404\n\n"],
  ["Status: 404\n\n", "untyped"],
  ["Status: 204\n\n", "dropped"],
  ["Location: /a/b\n\n", "dropped"],
  ["Content-Type: a/b\nContent-Length: 3\n\nab"],
  ["Content-Type: a/b\nContent-Length: 3\n\nabc"],
  ["Content-Type: a/b\nContent-Length: 3\n\nabcd"],
  ["HTTP/1.1 404 Not\nContent-Type: a/b\n\nx"],
  ["no head\n\n"],
  ["\n"],
  ["\r", "\n"],
  [`Content-Type: a/b\nX-Long: ${"x".repeat(3000)}\n\nlong`],
  [`Content-Type: a/b\nX-Long: ${"x".repeat(5000)}\n\ntoo long`],
  [],
];

for (const headOnly of [false, true]) {
  test(`whatever came before, an answer says what it says alone${headOnly ? ": HEAD" : ""}`, () => {
    for (const before of ANSWERS) {
      for (const answer of ANSWERS) {
        const memo = new CgiHeadMemo();
        parse(before, memo);
        const alone = parse(answer, undefined, headOnly);
        assert.equal(parse(answer, memo, headOnly), alone, JSON.stringify([before, answer]));
        assert.equal(parse(answer, memo, headOnly), alone, JSON.stringify(answer));
      }
    }
  });
}

test("a head is known by all of its bytes, and only where all are there", () => {
  const memo = new CgiHeadMemo();
  parse([`${TYPED}content`], memo);
  const known = memo.find(Buffer.from(`${TYPED}other`, "latin1"));
  assert.equal(known?.length, TYPED.length);
  for (const other of ["", TYPED.slice(0, -1), TYPED.replace("X-A", "X-B")]) {
    assert.equal(memo.find(Buffer.from(other, "latin1")), null, other);
  }
});

test("a head of many bytes is not kept", () => {
  const memo = new CgiHeadMemo();
  const long = `Content-Type: a/b\nX-Long: ${"x".repeat(3000)}\n\n`;
  parse([long], memo);
  assert.equal(memo.find(Buffer.from(long)), null);
});

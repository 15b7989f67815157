import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestNotes, SMALL_LIMITS } from "../../testing/index.ts";
import { HeadMemo } from "./head-memo.ts";
import type { Http1Head } from "./request-head.ts";
import { RequestParser } from "./request-parser.ts";

const head = (target: string, more = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: a.example\r\n${more}\r\n`;

/** Feeds each of `pieces`, all by one parser, and says what it saw. */
function told(pieces: readonly string[], memo: HeadMemo | null): RequestNotes {
  const notes = new RequestNotes();
  const parser = new RequestParser(SMALL_LIMITS, notes, memo);
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, "latin1");
    for (let at = 0; at < bytes.length;) at += parser.feed(bytes.subarray(at));
  }
  notes.step = parser.step;
  return notes;
}

test("a head that came before is the same head, from its second coming on", () => {
  const heads: Http1Head[] = [];
  const notes = new RequestNotes();
  notes.onHead = (one) => heads.push(one);
  const parser = new RequestParser(SMALL_LIMITS, notes, new HeadMemo());
  for (let n = 0; n < 4; n += 1) parser.feed(Buffer.from(head("/a")));
  assert.equal(heads.length, 4);
  assert.notEqual(heads[0], heads[1]);
  assert.equal(heads[2], heads[1]);
  assert.equal(heads[3], heads[1]);
  assert.equal(notes.bodies.length, 4);
});

const AGAIN: readonly [what: string, pieces: readonly string[]][] = [
  ["heads that differ in a byte", [head("/a"), head("/b"), head("/a"), head("/b"), head("/c")]],
  [
    "kept heads in turns, of one length and of others",
    ["/a", "/a", "/b", "/b", "/a", "/b", "/a", "/ab", "/ab", "/ab", "/a", "/b"].map((to) =>
      head(to),
    ),
  ],
  ["heads that differ in a field's value", [head("/", "A: b\r\n"), head("/", "A: c\r\n")]],
  ["heads of which one is the other's start", [head("/"), `${head("/")}${head("/b")}`, head("/")]],
  ["a head in two pieces", [head("/a"), head("/a"), head("/a").slice(0, 9), head("/a").slice(9)]],
  [
    "an empty line before a head",
    [head("/a"), head("/a"), "\r\n", head("/a"), `\r\n${head("/a")}`],
  ],
  ["half an empty line before a head", [head("/a"), head("/a"), "\r", head("/a")]],
  ["a head whose end looks like a head", ["GET /x HTTP/1.1\r\nX: ", head("/evil"), head("/evil")]],
  [
    "a head within a body",
    ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n", head("/a")],
  ],
  ["a head with a body", Array(3).fill("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")],
  ["a head that is refused", Array(3).fill("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")],
  ["a head behind a violation", ["nonsense\r\n\r\n", head("/a"), head("/a")]],
  ["nothing", [""]],
];
for (const [what, pieces] of AGAIN) {
  test(`${what}: the same is told, whatever came before`, () => {
    const memo = new HeadMemo();
    const plain = told(pieces, null);
    for (let round = 0; round < 4; round += 1) {
      // What other connections sent is known, too.
      told([head("/a")], memo);
      told([head("/evil")], memo);
      assert.deepEqual(told(pieces, memo), plain);
    }
  });
}

test("heads by the thousand do not make a memo answer by another's", () => {
  const memo = new HeadMemo();
  const targets = Array.from({ length: 3000 }, (_, n) => `/${(n * 7919) % 3000}`);
  for (let round = 0; round < 3; round += 1) {
    const seen = told(
      targets.map((target) => head(target)),
      memo,
    ).heads;
    assert.deepEqual(
      seen.map(({ target }) => target),
      targets,
    );
  }
});

test("a long head is read each time", () => {
  const memo = new HeadMemo();
  const long = Buffer.from(head("/a", `A: ${"x".repeat(2000)}\r\n`));
  const heads: Http1Head[] = [];
  const notes = new RequestNotes();
  notes.onHead = (one) => heads.push(one);
  const parser = new RequestParser({ headerBytes: 4000, targetBytes: 64 }, notes, memo);
  for (let n = 0; n < 3; n += 1) parser.feed(long);
  assert.equal(new Set(heads).size, 3);
});

test("of heads that hash alike one stays, until it is not asked for any more", () => {
  const memo = new HeadMemo();
  const heads: Http1Head[] = [];
  const notes = new RequestNotes();
  notes.onHead = (one) => heads.push(one);
  const parser = new RequestParser({ headerBytes: 4000, targetBytes: 64 }, notes, memo);
  // The last three characters lie where the hash takes one byte of seven.
  const feed = (end: string): Http1Head => {
    parser.feed(Buffer.from(head("/", `A: ${"x".repeat(40)}${end}\r\n`)));
    return heads.at(-1)!;
  };
  const ends = ["axx", "xbx", "xxc", "xax", "bxx"];
  for (let round = 0; round < 20; round += 1) {
    for (const end of ends) assert.equal(feed(end).fields.get("a")!.slice(-3), end);
  }
  const [first, again] = [feed("xxx"), feed("xxx")];
  assert.equal(first.fields.get("a"), again.fields.get("a"));
  for (let round = 0; round < 40; round += 1) feed("xxx");
  assert.equal(feed("xxx"), feed("xxx"));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestNotes } from "../../testing/index.ts";
import { RequestParser } from "./request-parser.ts";
import { giveScan, takeScan } from "./request-scan.ts";

const LIMITS = { headerBytes: 256, targetBytes: 64 };

test("a scan that was given back is taken again, and by one only", () => {
  const scan = takeScan(LIMITS);
  giveScan(scan);
  assert.equal(takeScan(LIMITS), scan);
  assert.notEqual(takeScan(LIMITS), scan);
});

test("a scan of other limits is not taken", () => {
  const scan = takeScan(LIMITS);
  giveScan(scan);
  assert.notEqual(takeScan({ ...LIMITS }), scan);
});

test("parsers whose heads come in pieces, by turns, do not see each other's", () => {
  const notes = [1, 2, 3].map(() => new RequestNotes());
  const parsers = notes.map((one) => new RequestParser(LIMITS, one));
  const wires = ["a", "bb", "ccc"].map((name) => `GET /${name} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
  for (let at = 0; at < 40; at += 1) {
    for (const [index, parser] of parsers.entries()) {
      // The first gives its scan back while the others are in the middle of their heads.
      for (const byte of wires[index]!.slice(3 * at, 3 * at + 3)) parser.feed(Buffer.from(byte));
    }
  }
  for (const [index, name] of ["a", "bb", "ccc"].entries()) {
    const { heads } = notes[index]!;
    assert.deepEqual(
      heads.map(({ target, host }) => [target, host]),
      [[`/${name}`, name]],
    );
  }
});

test("a head that is refused leaves nothing behind for the next one", () => {
  for (const bad of ["GET / HTTP/1.1\r\nA b: c\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"]) {
    const [first, next] = [new RequestNotes(), new RequestNotes()];
    new RequestParser(LIMITS, first).feed(Buffer.from(bad));
    assert.notEqual(first.violation, null);
    new RequestParser(LIMITS, next).feed(Buffer.from("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert.equal(next.heads[0]?.target, "/x");
  }
});

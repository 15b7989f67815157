import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure } from "../../base/failure.ts";
import { everySplit, type Run } from "../../testing/index.ts";
import type { Fields } from "../fields.ts";
import { ResponseParser, type Http1ResponseHead, type ResponseSink } from "./response-parser.ts";

class ResponseNotes implements ResponseSink {
  readonly interims: number[] = [];
  readonly heads: Omit<Http1ResponseHead, "fields">[] = [];
  readonly fields: Fields[] = [];
  readonly bodies: string[] = [];
  trailers: [string, string][] | null = null;
  violation: string | null = null;
  #content = "";

  onInterim(head: Http1ResponseHead): void {
    this.interims.push(head.status);
  }

  onHead({ fields: _, ...head }: Http1ResponseHead): void {
    this.heads.push(head);
  }

  onContent(bytes: Uint8Array): void {
    this.#content += Buffer.from(bytes).toString("latin1");
  }

  onEnd(trailers: Fields | null): void {
    this.bodies.push(this.#content);
    this.#content = "";
    this.trailers = trailers === null ? null : [...trailers.entries()];
  }

  onViolation(failure: Failure): void {
    assert.equal(this.violation, null);
    this.violation = failure.code;
  }
}

/** Answers to requests with `methods`, and then the connection's end. */
function answersTo(...methods: string[]): Run<ResponseNotes> {
  return (pieces) => {
    const notes = new ResponseNotes();
    const parser = new ResponseParser({ headerBytes: 256 }, notes);
    for (const method of methods) parser.expect(method);
    for (const piece of pieces) {
      for (let at = 0; at < piece.length;) at += parser.feed(piece.subarray(at));
    }
    parser.end();
    return notes;
  };
}

test("a response of a known length is read, and the connection can be kept", () => {
  const wire = "HTTP/1.1 200 All fine\r\nContent-Length: 5\r\n\r\nhello";
  const notes = everySplit(wire, answersTo("GET"));
  assert.deepEqual(notes.heads, [
    {
      status: 200,
      reason: "All fine",
      minorVersion: 1,
      contentLength: 5,
      framing: "length",
      keepAlive: true,
    },
  ]);
  assert.deepEqual(notes.bodies, ["hello"]);
  assert.equal(notes.violation, null);
});

test("a chunked response is read with its trailers", () => {
  const wire = "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n";
  const notes = everySplit(wire, answersTo("GET"));
  assert.deepEqual(notes.bodies, ["hi"]);
  assert.deepEqual(notes.trailers, [["X", "y"]]);
});

test("a response without a length ends with the connection", () => {
  const notes = everySplit("HTTP/1.0 200 OK\r\n\r\nall of it", answersTo("GET"));
  assert.deepEqual(notes.bodies, ["all of it"]);
  assert.equal(notes.heads[0]!.framing, "close");
  assert.equal(notes.heads[0]!.keepAlive, false);
  assert.equal(notes.violation, null);
});

test("a connection that ends a body is not kept, whatever the version", () => {
  const notes = everySplit("HTTP/1.1 200 OK\r\n\r\nall of it", answersTo("GET"));
  assert.equal(notes.heads[0]!.keepAlive, false);
});

test("what answers HEAD, 204 and 304 has no body, whatever its fields say", () => {
  const wire =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" +
    "HTTP/1.1 204 No Content\r\n\r\n" +
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n" +
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";
  const notes = everySplit(wire, answersTo("HEAD", "DELETE", "GET", "HEAD", "GET"));
  assert.deepEqual(notes.bodies, ["", "", "", "", "hi"]);
  assert.deepEqual(
    notes.heads.map(({ contentLength }) => contentLength),
    [5, null, 7, null, 2],
  );
  assert.deepEqual(
    notes.heads.map(({ keepAlive }) => keepAlive),
    [true, true, true, true, false],
  );
});

test("interim responses come before the answer, and end nothing", () => {
  const wire =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" +
    "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
  const notes = everySplit(wire, answersTo("PUT"));
  assert.deepEqual(notes.interims, [100, 103]);
  assert.deepEqual(notes.bodies, [""]);
  assert.equal(notes.violation, null);
});

test("interim responses are counted for each answer anew", () => {
  const answer = `${"HTTP/1.1 100 Continue\r\n\r\n".repeat(32)}HTTP/1.1 204 No Content\r\n\r\n`;
  const notes = answersTo("PUT", "PUT")([Buffer.from(answer + answer)]);
  assert.equal(notes.interims.length, 64);
  assert.equal(notes.violation, null);
});

test("a head stops the feeding, so that the reader can decide", () => {
  const parser = new ResponseParser({ headerBytes: 256 }, new ResponseNotes());
  parser.expect("GET");
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
  assert.equal(parser.feed(Buffer.from(`${head}x`)), head.length);
  assert.equal(parser.step, "body");
});

test("tunnels can't be asked for", () => {
  const parser = new ResponseParser({ headerBytes: 256 }, new ResponseNotes());
  assert.throws(() => parser.expect("CONNECT"));
});

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const VIOLATIONS: Record<string, string[]> = {
  statusLineMalformed: [
    "\r\nHTTP/1.1 200 OK\r\n",
    "http/1.1 200 OK\r\n",
    "HTTP/1 200 OK\r\n",
    "ICY 200 OK\r\n",
    "HTTP/1.1  200 OK\r\n",
    "HTTP/1.1 20 OK\r\n",
    "HTTP/1.1 2000 OK\r\n",
    "HTTP/1.1 099 OK\r\n",
    "HTTP/1.1 600 OK\r\n",
    "HTTP/1.1 20x OK\r\n",
    "HTTP/1.1 200\r\n",
    "HTTP/1.1 200\tOK\r\n",
    "HTTP/1.1 200 O\x00K\r\n",
    "HTTP/1.1 200 OK\n",
    `HTTP/1.1 200 ${"x".repeat(513)}`,
    "\x16\x03\x01",
    "<html>",
  ],
  versionUnsupported: ["HTTP/2.0 200 OK\r\n", "HTTP/1.2 200 OK\r\n", "HTTP/0.9 200 OK\r\n"],
  lineEndMalformed: ["HTTP/1.1 200 OK\r\r\n", "HTTP/1.1 200 OK\r\nA: b\n\r\n", "HTTP/1.1 200 \rA"],
  lineFolded: ["HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"],
  fieldNameMalformed: ["HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nA\r\n\r\n"],
  fieldValueMalformed: ["HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n"],
  headTooLarge: [`HTTP/1.1 200 OK\r\nA: ${"x".repeat(256)}`],
  framingAmbiguous: [
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  lengthMalformed: [
    "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 304 OK\r\nContent-Length: -1\r\n\r\n",
  ],
  codingUnknown: ["HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"],
  codingMalformed: ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"],
  codingNotAllowed: ["HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  chunkMalformed: [`${CHUNKED}x\r\n`, `${CHUNKED}1\r\nab`],
  trailerForbidden: [`${CHUNKED}0\r\nContent-Length: 1\r\n\r\n`],
  trailersTooLarge: [`${CHUNKED}0\r\nA: ${"x".repeat(256)}`],
  switchUnasked: ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
  interimTooMany: ["HTTP/1.1 100 Continue\r\n\r\n".repeat(33)],
  responseUnasked: ["HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"],
  responseCut: [
    "H",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx",
    "HTTP/1.1 100 Continue\r\n\r\n",
    `${CHUNKED}1\r\na\r\n`,
    `${CHUNKED}0\r\n`,
  ],
};
for (const [code, wires] of Object.entries(VIOLATIONS)) {
  for (const wire of wires) {
    test(`${JSON.stringify(wire.slice(0, 100))} is ${code}`, () => {
      const run = code === "interimTooMany" ? answersTo("GET") : null;
      const notes = run === null ? everySplit(wire, answersTo("GET")) : run([Buffer.from(wire)]);
      assert.equal(notes.violation, code);
    });
  }
}

test("the end of a connection cuts what was asked for, and nothing else", () => {
  assert.equal(answersTo("GET")([]).violation, "responseCut");
  assert.equal(answersTo()([]).violation, null);
});

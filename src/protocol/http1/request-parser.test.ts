import assert from "node:assert/strict";
import { test } from "node:test";
import {
  everySplit,
  lend,
  parseRequests,
  RequestNotes,
  SMALL_LIMITS,
} from "../../testing/index.ts";
import type { Http1Head } from "./request-head.ts";
import { RequestParser } from "./request-parser.ts";

const HOST = "Host: a.example\r\n";

function headOf(wire: string): object {
  const notes = everySplit(wire, parseRequests);
  assert.equal(notes.violation, null);
  assert.equal(notes.heads.length, 1);
  return notes.heads[0]!;
}

test("a request without a body comes as head and end", () => {
  const notes = everySplit(
    "GET /a?b=c HTTP/1.1\r\nhOSt: a.example:80\r\nX-A:\t b c \t\r\n\r\n",
    parseRequests,
  );
  assert.deepEqual(notes.heads, [
    {
      method: "GET",
      target: "/a?b=c",
      minorVersion: 1,
      contentLength: 0,
      keepAlive: true,
      expectsContinue: false,
      host: "a.example:80",
      fields: [
        ["hOSt", "a.example:80"],
        ["X-A", "b c"],
      ],
    },
  ]);
  assert.deepEqual(notes.bodies, [""]);
  assert.equal(notes.step, "idle");
});

test("pipelined requests come in order, with their bodies", () => {
  const wire =
    `POST /1 HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello` +
    `\r\nPUT /2 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n` +
    "3\r\nabc\r\n0\r\nX: y\r\n\r\n" +
    `GET /3 HTTP/1.0\r\n\r\n`;
  const notes = everySplit(wire, parseRequests);
  assert.deepEqual(
    notes.heads.map(({ target }) => target),
    ["/1", "/2", "/3"],
  );
  assert.deepEqual(notes.bodies, ["hello", "abc", ""]);
  assert.deepEqual(notes.trailers, [null, [["X", "y"]], null]);
  assert.deepEqual(
    notes.heads.map(({ contentLength }) => contentLength),
    [5, null, 0],
  );
});

test("feeding stops behind a head with a body, and behind each end", () => {
  const notes = new RequestNotes();
  const parser = new RequestParser(SMALL_LIMITS, notes);
  const head = `POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n`;
  const input = Buffer.from(`${head}hi${head}`);
  assert.equal(parser.feed(input), head.length);
  assert.equal(parser.step, "body");
  assert.deepEqual(notes.bodies, []);
  assert.equal(parser.feed(input.subarray(head.length)), 2);
  assert.equal(parser.step, "idle");
  assert.deepEqual(notes.bodies, ["hi"]);
  assert.equal(notes.heads.length, 1);
});

test("the step tells whether a byte of the next request has come", () => {
  const parser = new RequestParser(SMALL_LIMITS, new RequestNotes());
  const steps = ["\r", "\n", "G", "ET / HTTP/1.1\r\n", `${HOST}\r\n`, "\r\n", "\x00", "GET"];
  const seen = steps.map((text) => {
    parser.feed(Buffer.from(text));
    return parser.step;
  });
  assert.deepEqual(seen, ["idle", "idle", "head", "head", "idle", "idle", "dead", "dead"]);
});

test("nothing is taken of no bytes", () => {
  const parser = new RequestParser(SMALL_LIMITS, new RequestNotes());
  assert.equal(parser.feed(new Uint8Array(0)), 0);
  assert.equal(parser.step, "idle");
});

test("after a violation everything is taken and nothing is told", () => {
  const notes = new RequestNotes();
  const parser = new RequestParser(SMALL_LIMITS, notes);
  const input = Buffer.from(`GET / HTTP/3.0\r\n\r\nGET / HTTP/1.1\r\n${HOST}\r\n`);
  assert.equal(parser.feed(input), input.length);
  notes.violation = null;
  assert.equal(parser.feed(Buffer.from(`GET / HTTP/1.1\r\n${HOST}\r\n`)), 16 + HOST.length + 2);
  assert.equal(notes.violation, null);
  assert.deepEqual(notes.heads, []);
});

test("a head stays valid when later requests have come", () => {
  const heads: Http1Head[] = [];
  const sink = new RequestNotes();
  sink.onHead = (head): void => void heads.push(head);
  const parser = new RequestParser(SMALL_LIMITS, sink);
  for (const name of ["one", "two"]) {
    for (const piece of lend(`GET /${name} HTTP/1.1\r\n${HOST}X-Name: ${name}\r\n\r\n`)) {
      parser.feed(piece);
    }
  }
  assert.deepEqual(
    heads.map(({ fields }) => fields.get("x-name")),
    ["one", "two"],
  );
});

const GOOD_HEADS: [text: string, expected: Record<string, unknown>][] = [
  [`\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n${HOST}\r\n`, { method: "GET" }],
  [`m-#search! / HTTP/1.1\r\n${HOST}\r\n`, { method: "m-#search!" }],
  [`GET http://b/x HTTP/1.1\r\n${HOST}\r\n`, { target: "http://b/x", host: "a.example" }],
  [`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, { target: "*" }],
  [`CONNECT a:1 HTTP/1.1\r\n${HOST}\r\n`, { target: "a:1" }],
  ["GET / HTTP/1.0\r\n\r\n", { host: null, keepAlive: false, minorVersion: 0 }],
  ["GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", { keepAlive: true }],
  ["GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", { keepAlive: false }],
  [`GET / HTTP/1.1\r\n${HOST}Connection: foo\r\nConnection: ,Close\r\n\r\n`, { keepAlive: false }],
  [`GET / HTTP/1.1\r\n${HOST}Connection: closed, not-close\r\n\r\n`, { keepAlive: true }],
  [`GET / HTTP/1.1\r\n${HOST}Connection: close\xa0\r\n\r\n`, { keepAlive: true }],
  ["GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", { host: "[::1]:8080" }],
  [`PUT / HTTP/1.1\r\n${HOST}Content-Length: 00\r\n\r\n`, { contentLength: 0 }],
  [`PUT / HTTP/1.1\r\n${HOST}Content-Length: 010\r\n\r\n`, { contentLength: 10 }],
  [
    `PUT / HTTP/1.1\r\n${HOST}Content-Length: 9007199254740991\r\n\r\n`,
    { contentLength: Number.MAX_SAFE_INTEGER },
  ],
  [`PUT / HTTP/1.1\r\n${HOST}Content_Length: 5\r\n\r\n`, { contentLength: 0 }],
  [`PUT / HTTP/1.1\r\n${HOST}Transfer-Encoding: \t CHUNKED\r\n\r\n`, { contentLength: null }],
  [
    `PUT / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nExpect: 100-Continue\r\n\r\n`,
    {
      expectsContinue: true,
    },
  ],
  [
    `PUT / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nExpect: 100-continued\r\n\r\n`,
    {
      expectsContinue: false,
    },
  ],
  [`GET / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\n\r\n`, { expectsContinue: false }],
  [
    "PUT / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n",
    {
      expectsContinue: false,
    },
  ],
  [
    `GET / HTTP/1.1\r\n${HOST}X:\r\n!#$%&'*+-.^_\`|~09Az: caf\xe9\r\n\r\n`,
    {
      fields: [
        ["Host", "a.example"],
        ["X", ""],
        ["!#$%&'*+-.^_`|~09Az", "caf\xe9"],
      ],
    },
  ],
];
for (const [text, expected] of GOOD_HEADS) {
  test(`reads ${JSON.stringify(text)}`, () => {
    assert.partialDeepStrictEqual(headOf(text), expected);
  });
}

test("a body that looks like a request is a body", () => {
  const inner = `GET /b HTTP/1.1\r\n${HOST}\r\n`;
  const wire = `GET /a HTTP/1.1\r\n${HOST}Content-Length: ${inner.length}\r\n\r\n${inner}`;
  const notes = everySplit(wire, parseRequests);
  assert.deepEqual(notes.bodies, [inner]);
  assert.equal(notes.heads.length, 1);
});

test("empty lines are counted for each request anew", () => {
  const empty = "\r\n".repeat(4);
  const wire = `${empty}GET /a HTTP/1.1\r\n${HOST}\r\n${empty}GET /b HTTP/1.1\r\n${HOST}\r\n`;
  const notes = everySplit(wire, parseRequests);
  assert.equal(notes.violation, null);
  assert.equal(notes.heads.length, 2);
});

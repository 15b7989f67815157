import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit } from "../../testing/index.ts";
import { CgiAnswerParser, type CgiAnswerLimits } from "./answer-parser.ts";
import type { CgiHead } from "./head.ts";

interface Outcome {
  readonly head: CgiHead | null;
  readonly content: string;
  /** Only what was dropped. */
  readonly surplus: boolean;
  readonly failure: string | null;
}

function reader(limits?: CgiAnswerLimits) {
  return (pieces: Iterable<Uint8Array>): Outcome => {
    let head: CgiHead | null = null;
    let content = "";
    const sink = {
      onHead(one: CgiHead) {
        assert.equal(head, null, "a second head");
        head = one;
      },
      onContent(bytes: Uint8Array) {
        assert.ok(parser.headDone && bytes.length > 0);
        content += Buffer.from(bytes).toString("latin1");
      },
    };
    const parser = new CgiAnswerParser(sink, limits);
    let failure = null;
    for (const piece of pieces) failure ??= parser.feed(piece);
    failure ??= parser.end();
    // It is dead: what comes later changes nothing.
    if (failure !== null) assert.equal(parser.feed(Buffer.from(`\n\n${TYPED}`)), failure);
    assert.equal(parser.end(), failure);
    assert.equal(parser.headDone, head !== null);
    return { head, content, surplus: parser.surplus, failure: failure?.code ?? null };
  };
}

const read = (wire: string) => everySplit(wire, reader());
const readForHead = (wire: string) => everySplit(wire, reader({ headerBytes: 99, headOnly: true }));

const never = () => assert.fail("nothing was to come");

const TYPED = "Content-Type: a/b\n\n";
const TYPE = ["Content-Type", "a/b"] as const;
const LOCATION = ["Location", "http://a.example/"] as const;

const DOCUMENTS: [wire: string, head: CgiHead, content: string][] = [
  [`${TYPED}x`, { kind: "document", status: 200, fields: [TYPE], length: null }, "x"],
  [
    "content-type:\t a/b \t\r\nX-Y:\n\r\n\r\n",
    {
      kind: "document",
      status: 200,
      fields: [
        ["content-type", "a/b"],
        ["X-Y", ""],
      ],
      length: null,
    },
    "\r\n",
  ],
  [
    `Status: 404 Not Found\r\nX: \xe9\xff\n${TYPED}`,
    { kind: "document", status: 404, fields: [["X", "\xe9\xff"], TYPE], length: null },
    "",
  ],
  [
    `HTTP/1.0 599 \r\nContent-Length: 2\n${TYPED}ab`,
    { kind: "document", status: 599, fields: [TYPE], length: 2 },
    "ab",
  ],
  [
    `Content-Type: a/b\nContent-Length: 1\nContent-length: 1\n${TYPED}a`,
    { kind: "document", status: 200, fields: [TYPE], length: 1 },
    "a",
  ],
  [
    `Connection: close\nTransfer-Encoding: chunked\nSet-Cookie: a\nSet-Cookie: b\n${TYPED}`,
    {
      kind: "document",
      status: 200,
      fields: [["Set-Cookie", "a"], ["Set-Cookie", "b"], TYPE],
      length: null,
    },
    "",
  ],
  ["Status: 404\n\n", { kind: "document", status: 404, fields: [], length: 0 }, ""],
  [
    "Status: 201\r\nLocation: /x\r\n\r\n",
    { kind: "clientRedirect", status: 201, fields: [["Location", "/x"]], length: 0 },
    "",
  ],
  [
    "Status: 204\nContent-Length: 9\n\n",
    { kind: "document", status: 204, fields: [], length: null },
    "",
  ],
  [
    "Status: 304\nContent-Length: 9\n\n",
    { kind: "document", status: 304, fields: [], length: 9 },
    "",
  ],
  [
    "Location: http://a.example/\n\n",
    { kind: "clientRedirect", status: 302, fields: [LOCATION], length: 0 },
    "",
  ],
  [
    `Location: http://a.example/\nStatus: 303\n${TYPED}moved`,
    { kind: "clientRedirect", status: 303, fields: [LOCATION, TYPE], length: null },
    "moved",
  ],
  [
    `Location: /x\n${TYPED}moved`,
    { kind: "clientRedirect", status: 302, fields: [["Location", "/x"], TYPE], length: null },
    "moved",
  ],
  ["Location: /a/b?c=/d//\r\n\r\n", { kind: "localRedirect", target: "/a/b?c=/d//" }, ""],
];
for (const [wire, head, content] of DOCUMENTS) {
  test(`${JSON.stringify(wire)} is read alike at every split`, () => {
    assert.deepEqual(read(wire), { head, content, surplus: false, failure: null });
  });
}

const DROPPED: [wire: string, content: string][] = [
  [`Content-Length: 2\n${TYPED}abc`, "ab"],
  [`Content-Length: 0\n${TYPED}abc`, ""],
  [`Status: 204\n${TYPED}abc`, ""],
  [`Status: 304\n${TYPED}abc`, ""],
  ["Status: 304\n\nabc", ""],
  ["Location: http://a.example/\n\n\n", ""],
  ["Location: /local\n\nabc", ""],
];
for (const [wire, content] of DROPPED) {
  test(`of ${JSON.stringify(wire)} what is too much is dropped, and told`, () => {
    const outcome = read(wire);
    assert.deepEqual([outcome.content, outcome.surplus, outcome.failure], [content, true, null]);
  });
}

const FAILURES: [wire: string, code: string][] = [
  ["", "cgiEmpty"],
  ["hello", "cgiEmpty"],
  ["Content-Type: a/b", "cgiEmpty"],
  ["Content-Type: a/b\r\n", "cgiEmpty"],
  ["Content-Type: a/b\r\n\r", "cgiEmpty"],
  ["hello\n", "cgiHeadMalformed"],
  ["hello, world\nContent-Type: a/b\n\n", "cgiHeadMalformed"],
  ["X: y\n folded\n\n", "cgiHeadMalformed"],
  ["X: a\0b\n\n", "cgiHeadMalformed"],
  ["X: a\rb\n\n", "cgiHeadMalformed"],
  ["X: y\r\r\n\n", "cgiHeadMalformed"],
  ["\rX: y\n\n", "cgiHeadMalformed"],
  [`Status: 200\nStatus: 200\n${TYPED}`, "cgiHeadMalformed"],
  [`HTTP/1.1 200 OK\nStatus: 200\n${TYPED}`, "cgiHeadMalformed"],
  [`HTTP/1.1 200 OK\nHTTP/1.1 200 OK\n${TYPED}`, "cgiHeadMalformed"],
  [`X: y\nHTTP/1.1 200 OK\n${TYPED}`, "cgiHeadMalformed"],
  [`HTTP/1.1 100 Continue\n\n${TYPED}`, "cgiHeadMalformed"],
  [`HTTP/2 200\n${TYPED}`, "cgiHeadMalformed"],
  [`Status: 100\n${TYPED}`, "cgiHeadMalformed"],
  [`Content-Length: -1\n${TYPED}x`, "cgiHeadMalformed"],
  [`Content-Length: 1\nContent-Length: 2\n${TYPED}x`, "cgiHeadMalformed"],
  [`Content-Length: 1\nContent-Length: 01\n${TYPED}x`, "cgiHeadMalformed"],
  [`Content-Type: c/d\n${TYPED}x`, "cgiHeadMalformed"],
  [`Location: /a\nLocation: /b\n\n`, "cgiHeadMalformed"],
  ["Location:\n\n", "cgiHeadMalformed"],
  ["\n", "cgiContentTypeMissing"],
  ["\r\n\r\nhello", "cgiContentTypeMissing"],
  ["X: y\n\n", "cgiContentTypeMissing"],
  ["X-Send-File: /y\n\n", "cgiContentTypeMissing"],
  ["Content-Length: 0\n\n", "cgiContentTypeMissing"],
  ["Status: 200\n\nx", "cgiContentTypeMissing"],
  ["Status: 404 Not Found\r\n\r\n\n", "cgiContentTypeMissing"],
  ["Status: 201\nLocation: /x\n\nx", "cgiContentTypeMissing"],
  ["Status: 404\nContent-Length: 1\n\n", "cgiContentCut"],
];
for (const [wire, code] of FAILURES) {
  test(`${JSON.stringify(wire)} is ${code}, and nothing of it goes out`, () => {
    assert.deepEqual(read(wire), { head: null, content: "", surplus: false, failure: code });
  });
}

for (const wire of [`Content-Length: 3\n${TYPED}ab`, `Content-Length: 1\n${TYPED}`]) {
  test(`${JSON.stringify(wire)} is found to be cut behind its head`, () => {
    const { head, failure } = read(wire);
    assert.ok(head !== null);
    assert.equal(failure, "cgiContentCut");
  });
}

test("a head is taken up to its bound, with the empty line behind it", () => {
  const limited = (wire: string) => everySplit(wire, reader({ headerBytes: 60 })).failure;
  const head = (bytes: number) => {
    const fill = "x".repeat(bytes - TYPED.length - "X:\n".length);
    return `X:${fill}\n${TYPED}`;
  };
  assert.equal(limited(`${head(60)}x`), null);
  assert.equal(limited(head(61)), "cgiHeadTooLarge");
  assert.equal(limited("x".repeat(61)), "cgiHeadTooLarge");
  assert.equal(limited("x: y\n".repeat(13)), "cgiHeadTooLarge");
});

test("without limits, a head of 64 KiB is taken and no more", () => {
  const parser = new CgiAnswerParser({ onHead: never, onContent: never });
  const line = Buffer.from("X-Line: 0123456\n");
  for (let lines = 0; lines < 4096; lines += 1) assert.equal(parser.feed(line), null);
  assert.equal(parser.feed(Buffer.from("\n"))?.code, "cgiHeadTooLarge");
});

for (const wire of [
  `Content-Length: 3\n${TYPED}`,
  `Content-Length: 3\n${TYPED}abc`,
  `${TYPED}abc`,
  "Status: 404\n\nabc",
]) {
  test(`of ${JSON.stringify(wire)} a HEAD gets the head alone, and misses nothing`, () => {
    const { head, content, surplus, failure } = readForHead(wire);
    assert.ok(head !== null && head.kind === "document");
    assert.deepEqual([content, surplus, failure], ["", false, null]);
    assert.equal(head.length, wire.startsWith("Content-Length") ? 3 : null);
    assert.equal(readForHead("X: y\n\n").failure, "cgiContentTypeMissing");
  });
}

test("a head with a type, or without content, does not wait for what follows", () => {
  const goesOut = (wire: string): boolean => {
    const parser = new CgiAnswerParser({ onHead: () => undefined, onContent: never });
    assert.equal(parser.feed(Buffer.from(wire)), null);
    return parser.headDone;
  };
  for (const wire of [TYPED, "Location: //a.example\n\n", "Location: /x\n\n", "Status: 204\n\n"]) {
    assert.ok(goesOut(wire), wire);
  }
  assert.ok(!goesOut("Status: 404\n\n"));
});

test("content is a view of what was fed, not a copy", () => {
  const piece = Buffer.from(`${TYPED}abc`);
  const views: Uint8Array[] = [];
  const parser = new CgiAnswerParser({
    onHead: () => undefined,
    onContent: (bytes) => views.push(bytes),
  });
  parser.feed(piece);
  assert.deepEqual([views[0]!.buffer, views[0]!.byteOffset], [piece.buffer, piece.byteOffset + 19]);
});

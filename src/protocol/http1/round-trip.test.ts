// What the encoder writes the parsers read, however it is cut; what nobody wrote harms nobody.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { everySplit, parseRequests } from "../../testing/index.ts";
import {
  encodeChunkHead,
  encodeRequestHead,
  encodeResponseHead,
  encodeTrailers,
} from "./encode.ts";
import { HTTP1_FAILURES } from "./failures.ts";
import { ResponseParser } from "./response-parser.ts";

const RUNS = 150;
const TOKEN_CHARACTERS = [..."!#$%&'*+-.^_`|~09AZaz"];
const VALUE_CHARACTERS = [...'az09 \t,;="\\:\x21\x7e\x80\xa0\xff'];
const name = fc
  .array(fc.constantFrom(...TOKEN_CHARACTERS), { minLength: 1, maxLength: 8 })
  .map((characters) => `x-${characters.join("")}`);
const value = fc
  .array(fc.constantFrom(...VALUE_CHARACTERS), { maxLength: 12 })
  .map((characters) => characters.join("").replace(/^[ \t]+|[ \t]+$/g, ""));
const fieldList = fc.array(fc.tuple(name, value), { maxLength: 4 });
const content = fc.uint8Array({ minLength: 1, maxLength: 12 });
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

const request = fc.record({
  method: fc.constantFrom("GET", "PUT", "x-y"),
  target: fc.constantFrom("/", "/a%20b?c=d", "http://b.example/c"),
  fields: fieldList,
  chunks: fc.array(content, { maxLength: 3 }),
  trailers: fieldList,
});

test("requests come back as they were encoded, at any cut", () => {
  const property = fc.property(fc.array(request, { maxLength: 2 }), (requests) => {
    let wire = "";
    for (const { method, target, fields, chunks, trailers } of requests) {
      const framing = [
        ["Host", "a"],
        ["Transfer-Encoding", "chunked"],
      ] as const;
      wire += encodeRequestHead({ method, target, fields: [...framing, ...fields] });
      for (const chunk of chunks) wire += `${encodeChunkHead(chunk.length)}${latin1(chunk)}\r\n`;
      wire += encodeTrailers(trailers);
    }
    const notes = everySplit(wire, parseRequests);
    assert.equal(notes.violation, null);
    assert.deepEqual(
      notes.heads.map(({ method, target, fields }) => ({
        method,
        target,
        fields: fields.slice(2),
      })),
      requests.map(({ method, target, fields }) => ({ method, target, fields })),
    );
    assert.deepEqual(
      notes.bodies,
      requests.map(({ chunks }) => chunks.map(latin1).join("")),
    );
    assert.deepEqual(
      notes.trailers,
      requests.map(({ trailers }) => (trailers.length === 0 ? null : trailers)),
    );
  });
  fc.assert(property, { numRuns: RUNS });
});

test("a response comes back as it was encoded", () => {
  const property = fc.property(fieldList, content, (fields, body) => {
    const seen: unknown[] = [];
    const parser = new ResponseParser(
      { headerBytes: 1024 },
      {
        onInterim: () => assert.fail("no interim was sent"),
        onHead: (head) => seen.push(head.status, ...[...head.fields.entries()].slice(1)),
        onContent: (bytes) => seen.push(latin1(bytes)),
        onEnd: (trailers) => seen.push(trailers),
        onViolation: ({ code }) => assert.fail(code),
      },
    );
    parser.expect("GET");
    const length = ["Content-Length", String(body.length)] as const;
    const head = encodeResponseHead({ status: 206, fields: [length, ...fields] });
    const wire = Buffer.concat([Buffer.from(head, "latin1"), body]);
    for (let at = 0; at < wire.length;) at += parser.feed(wire.subarray(at));
    assert.deepEqual(seen, [206, ...fields, latin1(body), null]);
  });
  fc.assert(property, { numRuns: RUNS });
});

const PIECES = [
  "GET ",
  "POST ",
  "/",
  "http://a",
  " HTTP/1.1",
  " HTTP/1.0",
  "\r\n",
  "\r",
  "\n",
  "Host: a",
  "Content-Length: 3",
  "Transfer-Encoding: chunked",
  "X",
  ":",
  " ",
  "3",
  "0",
  ";a=b",
  "\x00",
  "\xff",
  "\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
];

test("any bytes end in requests or in one violation of the table, the same at any cut", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map(latin1),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 16 }).map((pieces) => pieces.join("")),
  );
  const property = fc.property(bytes, (wire) => {
    const { violation, step } = everySplit(wire, parseRequests);
    assert.ok(violation === null || violation in HTTP1_FAILURES);
    assert.equal(step === "dead", violation !== null);
  });
  fc.assert(property, { numRuns: 4 * RUNS });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeBeginRequest, encodeRecord, encodeStream, encodeStreamEnd } from "./encode.ts";
import { encodePairs, readPairs, type Pairs } from "./pairs.ts";
import { FASTCGI_TYPES, RECORD_CONTENT_BYTES_MAX } from "./records.ts";
import { FastCgiRequestEncoder } from "./request-encoder.ts";

const START = { requestId: 1, role: 1, keepConnection: true };
const { params, stdin } = FASTCGI_TYPES;

function begun(): FastCgiRequestEncoder {
  const encoder = new FastCgiRequestEncoder();
  encoder.begin(START);
  return encoder;
}

/** The contents of the records of PARAMS, which are all that is behind BEGIN_REQUEST. */
function paramsRecords(encoder: FastCgiRequestEncoder): Uint8Array[] {
  encoder.endParams();
  const wire = Buffer.from(encoder.take());
  const contents: Uint8Array[] = [];
  for (let at = 16; at < wire.length;) {
    const end = at + 8 + wire.readUInt16BE(at + 4);
    contents.push(Buffer.from(wire.subarray(at + 8, end)));
    assert.deepEqual(wire.subarray(at, end), encodeRecord(params, 1, contents.at(-1)!));
    at = end;
  }
  assert.equal(contents.pop()!.length, 0);
  return contents;
}

test("a request is made whole, in the order that applications want", () => {
  const encoder = begun();
  encoder.latin1("A", "\xe9");
  encoder.text("B", "é");
  encoder.bytes(encodePairs([["C", "c"]]));
  encoder.latin1("D", "");
  encoder.endParams();
  encoder.input(Buffer.from("body"));
  encoder.endInput();
  const pairs = Buffer.from("\x01\x01A\xe9\x01\x02B\xc3\xa9\x01\x01Cc\x01\0D", "latin1");
  const wanted = Buffer.concat([
    encodeBeginRequest(1, 1, true),
    encodeRecord(params, 1, pairs),
    encodeStreamEnd(params, 1),
    encodeRecord(stdin, 1, Buffer.from("body")),
    encodeStreamEnd(stdin, 1),
  ]);
  assert.deepEqual(encoder.take(), wanted);
});

test("without parameters there is only their end", () => {
  assert.deepEqual(paramsRecords(begun()), []);
});

test("one request after the other is made, as if it were the first", () => {
  const encoder = begun();
  encoder.latin1("A", "x".repeat(9999));
  encoder.endParams();
  encoder.begin({ requestId: 2, role: 1, keepConnection: false });
  encoder.endParams();
  encoder.endInput();
  const wanted = [
    encodeBeginRequest(2, 1, false),
    encodeStreamEnd(params, 2),
    encodeStreamEnd(stdin, 2),
  ];
  assert.deepEqual(encoder.take(), Buffer.concat(wanted));
});

test("what is made behind take is the rest of the request", () => {
  const encoder = begun();
  encoder.endParams();
  encoder.take();
  encoder.input(Buffer.from("more"));
  assert.deepEqual(encoder.take(), encodeRecord(stdin, 1, Buffer.from("more")));
});

test("input that is larger than a record goes on in the next", () => {
  const encoder = begun();
  const body = Buffer.alloc(70_000, "x");
  encoder.endParams();
  encoder.take();
  encoder.input(body);
  assert.deepEqual(encoder.take(), encodeStream(stdin, 1, body));
});

// Each pair takes 1 + 4 + 1 + value bytes.
type Add = (encoder: FastCgiRequestEncoder, pairs: Pairs) => void;
const WAYS: [how: string, add: Add][] = [
  ["latin1", each((encoder, [name, value]) => encoder.latin1(name, value))],
  ["text", each((encoder, [name, value]) => encoder.text(name, value))],
  ["bytes of a pair", each((encoder, pair) => encoder.bytes(encodePairs([pair])))],
  ["bytes", (encoder, pairs) => encoder.bytes(encodePairs(pairs))],
];

function each(add: (encoder: FastCgiRequestEncoder, pair: Pairs[number]) => void): Add {
  return (encoder, pairs) => {
    for (const pair of pairs) add(encoder, pair);
  };
}

for (const [how, add] of WAYS) {
  test(`${how}: parameters fill a record to its last byte`, () => {
    const encoder = begun();
    add(encoder, [
      ["a", "x".repeat(65_535 - 6 - 3)],
      ["b", ""],
    ]);
    assert.deepEqual(
      paramsRecords(encoder).map(({ length }) => length),
      [RECORD_CONTENT_BYTES_MAX],
    );
  });

  test(`${how}: one byte more, and the last pair goes into the next record, whole`, () => {
    const encoder = begun();
    add(encoder, [
      ["a", "x".repeat(65_535 - 6 - 2)],
      ["b", ""],
    ]);
    assert.deepEqual(
      paramsRecords(encoder).map(({ length }) => length),
      [65_533, 3],
    );
  });

  test(`${how}: every record has whole pairs, however many there are`, () => {
    const encoder = begun();
    const pairs = Array.from({ length: 700 }, (_, at) => [`N${at}`, "v".repeat(at)] as const);
    add(encoder, pairs);
    const records = paramsRecords(encoder);
    assert.ok(records.length > 3);
    const read = records.map((record) => readPairs(record) as Pairs);
    assert.deepEqual(read.flat(), pairs);
  });

  test(`${how}: a pair that is larger than a record goes on in the next`, () => {
    const encoder = begun();
    const pairs = [
      ["a", "1"],
      ["b", "x".repeat(150_000)],
      ["c", "2"],
    ] as const;
    add(encoder, pairs);
    const records = paramsRecords(encoder);
    assert.deepEqual(
      records.map(({ length }) => length),
      [3 + 1, 65_535, 65_535, 150_006 + 4 - 131_070],
    );
    assert.deepEqual(readPairs(Buffer.concat(records)), pairs);
  });
}

const ORDERS: [what: string, use: (encoder: FastCgiRequestEncoder) => void][] = [
  ["a parameter before the beginning", () => new FastCgiRequestEncoder().latin1("A", "")],
  ["a parameter behind their end", (encoder) => (encoder.endParams(), encoder.text("A", ""))],
  ["pairs behind their end", (encoder) => (encoder.endParams(), encoder.bytes(new Uint8Array(2)))],
  ["a second end of parameters", (encoder) => (encoder.endParams(), encoder.endParams())],
  ["taking before the parameters end", (encoder) => encoder.take()],
  ["half a pair", (encoder) => encoder.bytes(Buffer.alloc(70_000, "\x7f\x01"))],
  ["an id that is none", (encoder) => encoder.begin({ ...START, requestId: 70_000 })],
];
for (const [what, use] of ORDERS) {
  test(`${what} is our own mistake, and throws`, () => assert.throws(() => use(begun())));
}

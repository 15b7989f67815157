import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit } from "../../testing/index.ts";
import { FastCgiAnswerDecoder } from "./answer-decoder.ts";
import {
  encodeEndRequest,
  encodeGetValuesResult,
  encodeRecord,
  encodeStreamEnd,
  encodeUnknownType,
} from "./encode.ts";
import { FASTCGI_TYPES, RECORD_CONTENT_BYTES_MAX } from "./records.ts";

const ID = 7;

/** Every event in words, what came of one stream in between joined; then how it ended. */
function reader(requestId: number) {
  return (pieces: Iterable<Uint8Array>): string[] => {
    const seen: string[] = [];
    let stream = "";
    let text = "";
    const settle = () => {
      if (text !== "") seen.push(`${stream} ${text}`);
      text = "";
    };
    const gather = (name: string) => (bytes: Uint8Array) => {
      assert.ok(bytes.length > 0);
      if (stream !== name) settle();
      stream = name;
      text += Buffer.from(bytes).toString("latin1");
    };
    const note = (event: string) => {
      settle();
      seen.push(event);
    };
    const decoder = new FastCgiAnswerDecoder(requestId, {
      onOutput: gather("out"),
      onError: gather("err"),
      onEnd: ({ appStatus, protocolStatus }) => note(`end ${appStatus} ${protocolStatus}`),
      onValues: (values) => note(`values ${JSON.stringify([...values])}`),
      onUnknownType: (type) => note(`unknown ${type}`),
    });
    let failure = null;
    for (const piece of pieces) failure ??= decoder.feed(piece);
    const { reusable } = decoder;
    const last = decoder.end();
    // It is dead: what comes later changes nothing.
    if (failure !== null) assert.equal(decoder.feed(encodeEndRequest(ID, 0, 0)), failure);
    note(reusable ? "reusable" : (last?.code ?? "closed"));
    assert.equal(
      decoder.ended,
      seen.some((event) => event.startsWith("end")),
    );
    return seen;
  };
}

const read = (wire: string) => everySplit(wire, reader(ID));
const wireOf = (...records: Uint8Array[]) => Buffer.concat(records).toString("latin1");
const record = (type: number, text: string, padding = 0, id = ID) =>
  encodeRecord(type, id, Buffer.from(text, "latin1"), padding);
const out = (text: string, padding = 0) => record(FASTCGI_TYPES.stdout, text, padding);
const err = (text: string, padding = 0) => record(FASTCGI_TYPES.stderr, text, padding);
const outEnd = encodeStreamEnd(FASTCGI_TYPES.stdout, ID);
const errEnd = encodeStreamEnd(FASTCGI_TYPES.stderr, ID);
const end = encodeEndRequest(ID, 0, 0);

const ANSWERS: [what: string, wire: string, events: string[]][] = [
  ["an end alone", wireOf(end), ["end 0 0", "reusable"]],
  ["output", wireOf(out("ab"), end), ["out ab", "end 0 0", "reusable"]],
  [
    "output in two records",
    wireOf(out("a"), out("\xff"), end),
    ["out a\xff", "end 0 0", "reusable"],
  ],
  ["ended streams", wireOf(out("a"), outEnd, errEnd, end), ["out a", "end 0 0", "reusable"]],
  ["a stream ended twice", wireOf(outEnd, outEnd, end), ["end 0 0", "reusable"]],
  [
    "padding",
    wireOf(out("a", 7), err("", 3), out("b", 255), end),
    ["out ab", "end 0 0", "reusable"],
  ],
  [
    "a padded end",
    wireOf(record(FASTCGI_TYPES.endRequest, "\0\0\0\0\0\0\0\0", 8)),
    ["end 0 0", "reusable"],
  ],
  [
    "errors in between",
    wireOf(out("a"), err("e", 1), out("b"), end),
    ["out a", "err e", "out b", "end 0 0", "reusable"],
  ],
  [
    "errors behind the output's end",
    wireOf(outEnd, err("e"), end),
    ["err e", "end 0 0", "reusable"],
  ],
  [
    "an exit status",
    wireOf(encodeEndRequest(ID, 4_294_967_295, 0)),
    ["end 4294967295 0", "reusable"],
  ],
  ...[1, 2, 3].map((status): [string, string, string[]] => [
    `protocol status ${status}`,
    wireOf(encodeEndRequest(ID, 0, status)),
    [`end 0 ${status}`, "reusable"],
  ]),
  [
    "values",
    wireOf(out("a"), encodeGetValuesResult([["FCGI_MAX_CONNS", "1"]]), end),
    ["out a", 'values [["FCGI_MAX_CONNS","1"]]', "end 0 0", "reusable"],
  ],
  ["no values", wireOf(encodeGetValuesResult([]), end), ["values []", "end 0 0", "reusable"]],
  ["an unknown type", wireOf(encodeUnknownType(99), end), ["unknown 99", "end 0 0", "reusable"]],
  [
    "records for the connection of a later version",
    wireOf(record(12, "abc", 3, 0), record(255, "", 0, 0), record(0, "x", 0, 0), end),
    ["end 0 0", "reusable"],
  ],
];
for (const [what, wire, events] of ANSWERS) {
  test(`${what} is read alike at every split`, () => assert.deepEqual(read(wire), events));
}

test("a reserved byte of any value is passed over", () => {
  const wire = Buffer.concat([out("a"), end]);
  for (const at of [7, 16, wire.length - 1]) wire[at] = 0xff;
  assert.deepEqual(read(wire.toString("latin1")), ["out a", "end 0 0", "reusable"]);
});

const LARGE = "x".repeat(RECORD_CONTENT_BYTES_MAX);
test("a record of 65535 bytes comes out whole", () => {
  const pieces = [Buffer.concat([out(LARGE, 255), end])];
  assert.deepEqual(reader(ID)(pieces), [`out ${LARGE}`, "end 0 0", "reusable"]);
});

const headOf = (...bytes: number[]) => Buffer.from([...bytes, 0, 0, 0, 0, 0, 0, 0, 0].slice(0, 8));

const WRONG: [what: string, wire: string, code: string][] = [
  ["nothing", "", "fastcgiCut"],
  ["half a head", "\x01\x06\0", "fastcgiCut"],
  ["output without an end", wireOf(out("a")), "fastcgiCut"],
  ["output that has ended, without an end", wireOf(out("a"), outEnd), "fastcgiCut"],
  ["half a record", wireOf(out("abc")).slice(0, -1), "fastcgiCut"],
  ["padding that does not come", wireOf(out("abc", 4)).slice(0, -1), "fastcgiCut"],
  ["half an end", wireOf(end).slice(0, -1), "fastcgiCut"],
  [
    "an end whose padding does not come",
    wireOf(record(FASTCGI_TYPES.endRequest, "\0\0\0\0\0\0\0\0", 8)).slice(0, -1),
    "fastcgiCut",
  ],
  ["version 0", wireOf(headOf(0, 6, 0, ID), end), "fastcgiVersionUnknown"],
  ["version 2", wireOf(headOf(2, 6, 0, ID), end), "fastcgiVersionUnknown"],
  ["an answer of HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "fastcgiVersionUnknown"],
  ["version 2 behind output", wireOf(out("a"), headOf(2), end), "fastcgiVersionUnknown"],
  ["another request's output", wireOf(record(6, "a", 0, 8), end), "fastcgiRecordUnasked"],
  ["an id whose other byte differs", wireOf(record(6, "a", 0, ID + 256)), "fastcgiRecordUnasked"],
  ["another request's end", wireOf(encodeEndRequest(1, 0, 0), end), "fastcgiRecordUnasked"],
  ["output of the connection", wireOf(record(6, "a", 0, 0), end), "fastcgiRecordUnasked"],
  ["an end of the connection", wireOf(encodeEndRequest(0, 0, 0)), "fastcgiRecordUnasked"],
  ...[0, 1, 2, 4, 5, 8, 9, 10, 11, 12, 255].map((type): [string, string, string] => [
    `type ${type} for the request`,
    wireOf(record(type, "\0\0\0\0\0\0\0\0"), end),
    "fastcgiRecordUnasked",
  ]),
  ...[1, 2, 4, 5, 7, 8, 9].map((type): [string, string, string] => [
    `type ${type} for the connection`,
    wireOf(record(type, "", 0, 0), end),
    "fastcgiRecordUnasked",
  ]),
  ["an end of 7 bytes", wireOf(record(3, "\0".repeat(7))), "fastcgiRecordMalformed"],
  ["an end of 9 bytes", wireOf(record(3, "\0".repeat(9))), "fastcgiRecordMalformed"],
  ["an end of no bytes", wireOf(record(3, "")), "fastcgiRecordMalformed"],
  ["protocol status 4", wireOf(encodeEndRequest(ID, 0, 4)), "fastcgiRecordMalformed"],
  ["output behind its end", wireOf(outEnd, out("a"), end), "fastcgiRecordMalformed"],
  ["errors behind their end", wireOf(errEnd, err("a"), end), "fastcgiRecordMalformed"],
  ["values that are cut", wireOf(record(10, "\x01\x02a", 0, 0), end), "fastcgiRecordMalformed"],
  ["an unknown type of 1 byte", wireOf(record(11, "x", 0, 0), end), "fastcgiRecordMalformed"],
];
for (const [what, wire, code] of WRONG) {
  test(`${what} is ${code}, and no end`, () => {
    const events = read(wire);
    assert.equal(events.at(-1), code);
    assert.ok(!events.some((event) => event.startsWith("end")));
  });
}

const BEHIND: [what: string, wire: string, last: string][] = [
  ["output", wireOf(end, out("a")), "fastcgiRecordUnasked"],
  ["an empty record", wireOf(end, outEnd), "fastcgiRecordUnasked"],
  ["a second end", wireOf(end, end), "fastcgiRecordUnasked"],
  ["text", wireOf(end, Buffer.from("HTTP/1.1")), "fastcgiVersionUnknown"],
  ["a few bytes", wireOf(end, Buffer.from("\x01\x06")), "closed"],
  ["half a record of the connection", wireOf(end, record(99, "ab", 0, 0)).slice(0, -1), "closed"],
];
for (const [what, wire, last] of BEHIND) {
  test(`${what} behind the end leaves the answer whole, and the connection unusable`, () => {
    assert.deepEqual(read(wire), ["end 0 0", last]);
  });
}

test("without a request values are read, and nothing is missed", () => {
  const wire = wireOf(encodeGetValuesResult([["A", "1"]]));
  assert.deepEqual(everySplit(wire, reader(0)), ['values [["A","1"]]', "closed"]);
  assert.deepEqual(everySplit("", reader(0)), ["closed"]);
  assert.deepEqual(everySplit(wireOf(end), reader(0)), ["fastcgiRecordUnasked"]);
});

test("output is a view of what was fed, not a copy", () => {
  const piece = Buffer.concat([err("e"), out("abc"), end]);
  const views: Uint8Array[] = [];
  const sink = { onOutput: (bytes: Uint8Array) => views.push(bytes), onError() {}, onEnd() {} };
  new FastCgiAnswerDecoder(ID, sink).feed(piece);
  assert.deepEqual([views[0]!.buffer, views[0]!.byteOffset], [piece.buffer, piece.byteOffset + 17]);
});

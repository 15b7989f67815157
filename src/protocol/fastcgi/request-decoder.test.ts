import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit } from "../../testing/index.ts";
import {
  encodeAbort,
  encodeBeginRequest,
  encodeGetValues,
  encodeRecord,
  encodeStreamEnd,
} from "./encode.ts";
import { FASTCGI_TYPES } from "./records.ts";
import { FastCgiRequestDecoder } from "./request-decoder.ts";

const { params, stdin, data } = FASTCGI_TYPES;
const LIMITS = { requests: 2, paramsBytes: 12 };

/** Every event in words, what came of one stream in between joined; then how it ended. */
function read(wire: string): string[] {
  return everySplit(wire, (pieces) => {
    const seen: string[] = [];
    let text = "";
    let stream = "";
    const settle = () => {
      if (text !== "") seen.push(`${stream} ${text}`);
      text = "";
    };
    const gather = (name: string, bytes: Uint8Array) => {
      assert.ok(bytes.length > 0);
      if (stream !== name) settle();
      stream = name;
      text += Buffer.from(bytes).toString("latin1");
    };
    const note = (...words: unknown[]) => {
      settle();
      seen.push(words.join(" "));
    };
    const sink = {
      onBegin: ({ requestId, role, keepConnection }: Begun) =>
        note("begin", requestId, role, keepConnection),
      onParams: (id: number, pairs: unknown) => note("params", id, JSON.stringify(pairs)),
      onInput: (id: number, bytes: Uint8Array) => gather(`in ${id}`, bytes),
      onData: (id: number, bytes: Uint8Array) => gather(`data ${id}`, bytes),
      onDataEnd: (id: number) => note("dataEnd", id),
      onAbort: (id: number) => note("abort", id),
      onTooMany: (id: number) => note("tooMany", id),
      onGetValues: (names: readonly string[]) => note("values", ...names),
      onUnknownType: (type: number) => note("unknown", type),
      onInputEnd(id: number) {
        note("inEnd", id);
        decoder.close(id);
      },
    };
    const decoder = new FastCgiRequestDecoder(sink, LIMITS);
    let failure = null;
    for (const piece of pieces) failure ??= decoder.feed(piece);
    // It is dead: what comes later changes nothing.
    if (failure !== null) assert.equal(decoder.feed(begin(9)), failure);
    note(decoder.end()?.code ?? "closed");
    return seen;
  });
}

interface Begun {
  readonly requestId: number;
  readonly role: number;
  readonly keepConnection: boolean;
}

const wireOf = (...records: Uint8Array[]) => Buffer.concat(records).toString("latin1");
const record = (type: number, text: string, id = 1, padding = 0) =>
  encodeRecord(type, id, Buffer.from(text, "latin1"), padding);
const begin = (id = 1) => encodeBeginRequest(id, 1, true);
const noParams = (id = 1) => encodeStreamEnd(params, id);
const inputEnd = (id = 1) => encodeStreamEnd(stdin, id);

const REQUESTS: [what: string, wire: string, events: string[]][] = [
  ["nothing", "", ["closed"]],
  [
    "a request",
    wireOf(begin(), record(params, "\x01\x01ab"), noParams(), record(stdin, "xyz"), inputEnd()),
    ["begin 1 1 true", 'params 1 [["a","b"]]', "in 1 xyz", "inEnd 1", "closed"],
  ],
  [
    "pairs that are cut anywhere by records",
    wireOf(
      begin(),
      ...["\x80\0\0", "\x01\x01a", "b\x01", "\0c"].map((text) => record(params, text)),
    ) + wireOf(noParams(), inputEnd()),
    ["begin 1 1 true", 'params 1 [["a","b"],["c",""]]', "inEnd 1", "closed"],
  ],
  [
    "padding",
    wireOf(begin(), record(params, "\x01\x01ab", 1, 4), record(params, "", 1, 8)) +
      wireOf(record(stdin, "x", 1, 255), record(stdin, "", 1, 1)),
    ["begin 1 1 true", 'params 1 [["a","b"]]', "in 1 x", "inEnd 1", "closed"],
  ],
  [
    "an id that comes again",
    wireOf(begin(), noParams(), inputEnd(), begin(), noParams(), inputEnd()),
    [
      "begin 1 1 true",
      "params 1 []",
      "inEnd 1",
      "begin 1 1 true",
      "params 1 []",
      "inEnd 1",
      "closed",
    ],
  ],
  [
    "two requests at once",
    wireOf(begin(), begin(300), noParams(300), noParams(), inputEnd(), inputEnd(300)),
    [
      ...["begin 1 1 true", "begin 300 1 true", "params 300 []", "params 1 []"],
      ...["inEnd 1", "inEnd 300", "closed"],
    ],
  ],
  [
    "a request too many, whose records are ignored",
    wireOf(
      begin(1),
      begin(2),
      begin(3),
      noParams(3),
      record(stdin, "x", 3),
      noParams(),
      inputEnd(),
    ) + wireOf(noParams(2), inputEnd(2)),
    [
      ...["begin 1 1 true", "begin 2 1 true", "tooMany 3", "params 1 []", "inEnd 1"],
      ...["params 2 []", "inEnd 2", "closed"],
    ],
  ],
  [
    "records of a request that does not run, whatever they are",
    wireOf(record(stdin, "x", 5), encodeAbort(5), record(99, "x", 5), record(params, "\x7f", 5)),
    ["closed"],
  ],
  [
    "an abort",
    wireOf(begin(), encodeAbort(1), noParams(), inputEnd(), encodeAbort(1)),
    ["begin 1 1 true", "abort 1", "params 1 []", "inEnd 1", "closed"],
  ],
  [
    "a filter's data",
    wireOf(
      encodeBeginRequest(1, 3, false),
      noParams(),
      record(data, "d"),
      encodeStreamEnd(data, 1),
    ) + wireOf(record(stdin, "x"), inputEnd()),
    ["begin 1 3 false", "params 1 []", "data 1 d", "dataEnd 1", "in 1 x", "inEnd 1", "closed"],
  ],
  ["a question for values", wireOf(encodeGetValues(["A", "BC"])), ["values A BC", "closed"]],
  [
    "types that are not known",
    wireOf(record(12, "ab", 0), record(0, "", 0)),
    ["unknown 12", "unknown 0", "closed"],
  ],
];
for (const [what, wire, events] of REQUESTS) {
  test(`${what} is read alike at every split`, () => assert.deepEqual(read(wire), events));
}

const WRONG: [what: string, wire: string, code: string][] = [
  ["half a head", "\x01\x01", "fastcgiCut"],
  ["a request that goes no further", wireOf(begin()), "fastcgiCut"],
  ["half of a request's input", wireOf(begin(), noParams(), record(stdin, "x")), "fastcgiCut"],
  ["half a record", wireOf(record(stdin, "abc", 5)).slice(0, -1), "fastcgiCut"],
  ["version 0", wireOf(begin()).replace("\x01", "\0"), "fastcgiVersionUnknown"],
  ["a request of HTTP", "GET / HTTP/1.1\r\n\r\n", "fastcgiVersionUnknown"],
  ["a request of id 0", wireOf(begin(0)), "fastcgiRecordUnasked"],
  ["input of the connection", wireOf(record(stdin, "x", 0)), "fastcgiRecordUnasked"],
  ["an answer to the application", wireOf(record(10, "", 0)), "fastcgiRecordUnasked"],
  ["a request that runs already", wireOf(begin(), begin()), "fastcgiRecordUnasked"],
  ...[3, 6, 7, 9, 10, 11, 12, 0].map((type): [string, string, string] => [
    `type ${type} of a request that runs`,
    wireOf(begin(), record(type, "")),
    "fastcgiRecordUnasked",
  ]),
  ["a beginning of 7 bytes", wireOf(record(1, "\0".repeat(7))), "fastcgiRecordMalformed"],
  ["a beginning of 9 bytes", wireOf(record(1, "\0".repeat(9))), "fastcgiRecordMalformed"],
  ["an abort with content", wireOf(begin(), record(2, "x")), "fastcgiRecordMalformed"],
  [
    "parameters that are cut",
    wireOf(begin(), record(params, "\x01\x02a"), noParams()),
    "fastcgiRecordMalformed",
  ],
  [
    "a length of 2 GiB",
    wireOf(begin(), record(params, "\x01\xff\xff\xff\xffa"), noParams()),
    "fastcgiRecordMalformed",
  ],
  [
    "parameters over their bound",
    wireOf(begin(), record(params, "\x01\x09aabcdefgh"), record(params, "ij")),
    "fastcgiRecordMalformed",
  ],
  [
    "parameters behind their end",
    wireOf(begin(), noParams(), record(params, "\0\0")),
    "fastcgiRecordMalformed",
  ],
  ["input before the parameters", wireOf(begin(), record(stdin, "x")), "fastcgiRecordMalformed"],
  ["input's end before the parameters", wireOf(begin(), inputEnd()), "fastcgiRecordMalformed"],
  [
    "data behind their end",
    wireOf(begin(), noParams(), encodeStreamEnd(data, 1), record(data, "x")),
    "fastcgiRecordMalformed",
  ],
  ["names that are cut", wireOf(record(9, "\x02\0A", 0)), "fastcgiRecordMalformed"],
];
for (const [what, wire, code] of WRONG) {
  test(`${what} is ${code}`, () => assert.equal(read(wire).at(-1), code));
}

test("parameters are taken up to their bound", () => {
  const wire = wireOf(begin(), record(params, "\x01\x09a12345"), record(params, "6789"));
  assert.equal(read(wire + wireOf(noParams(), inputEnd())).at(-1), "closed");
});

test("what comes of a request that was closed in the middle of a record is ignored", () => {
  const seen: string[] = [];
  const note = (what: string) => () => void seen.push(what);
  const decoder = new FastCgiRequestDecoder({
    onBegin: note("begin"),
    onParams: note("params"),
    onInput: note("in"),
    onInputEnd: note("inEnd"),
    onAbort: note("abort"),
    onTooMany: note("tooMany"),
    onGetValues: note("values"),
    onUnknownType: note("unknown"),
  });
  const input = record(stdin, "abc");
  decoder.feed(Buffer.concat([begin(), noParams(), input.subarray(0, -1)]));
  decoder.close(1);
  assert.equal(decoder.feed(Buffer.concat([input.subarray(-1), inputEnd()])), null);
  assert.deepEqual(seen, ["begin", "params", "in"]);
  assert.equal(decoder.end(), null);
});

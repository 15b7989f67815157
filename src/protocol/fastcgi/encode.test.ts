import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeAbort,
  encodeBeginRequest,
  encodeEndRequest,
  encodeGetValues,
  encodeGetValuesResult,
  encodeRecord,
  encodeRecordHead,
  encodeStream,
  encodeStreamEnd,
  encodeUnknownType,
} from "./encode.ts";
import { FASTCGI_ROLES, FASTCGI_STATUSES, FASTCGI_TYPES, writeRecordHead } from "./records.ts";

const { stdin, stdout } = FASTCGI_TYPES;
const bytesOf = (text: string) => Buffer.from(text, "latin1");

// As the examples of FastCGI 1.0, appendix B, have them, in bytes.
const RECORDS: [what: string, made: Uint8Array, wire: string][] = [
  [
    "BEGIN_REQUEST",
    encodeBeginRequest(258, FASTCGI_ROLES.responder, true),
    "\x01\x01\x01\x02\0\x08\0\0\0\x01\x01\0\0\0\0\0",
  ],
  [
    "BEGIN_REQUEST of a connection that is closed behind it",
    encodeBeginRequest(1, FASTCGI_ROLES.filter, false),
    "\x01\x01\0\x01\0\x08\0\0\0\x03\0\0\0\0\0\0",
  ],
  ["ABORT_REQUEST", encodeAbort(1), "\x01\x02\0\x01\0\0\0\0"],
  [
    "END_REQUEST",
    encodeEndRequest(1, 0xdead_beef, FASTCGI_STATUSES.overloaded),
    "\x01\x03\0\x01\0\x08\0\0\xde\xad\xbe\xef\x02\0\0\0",
  ],
  ["GET_VALUES", encodeGetValues(["A", "BC"]), "\x01\x09\0\0\0\x07\0\0\x01\0A\x02\0BC"],
  ["GET_VALUES_RESULT", encodeGetValuesResult([["A", "1"]]), "\x01\x0a\0\0\0\x04\0\0\x01\x01A1"],
  ["UNKNOWN_TYPE", encodeUnknownType(99), "\x01\x0b\0\0\0\x08\0\0\x63\0\0\0\0\0\0\0"],
  [
    "a padded record",
    encodeRecord(stdout, 1, bytesOf("abc"), 5),
    "\x01\x06\0\x01\0\x03\x05\0abc\0\0\0\0\0",
  ],
  ["a stream", encodeStream(stdin, 1, bytesOf("abc")), "\x01\x05\0\x01\0\x03\0\0abc"],
  ["a stream's end", encodeStreamEnd(stdin, 1), "\x01\x05\0\x01\0\0\0\0"],
  [
    "the head of a record",
    encodeRecordHead(stdin, 1, 0xffff, 0xff),
    "\x01\x05\0\x01\xff\xff\xff\0",
  ],
];
for (const [what, made, wire] of RECORDS) {
  test(`${what} is made`, () => assert.equal(Buffer.from(made).toString("latin1"), wire));
}

test("no bytes of a stream make no record, which would end it", () => {
  assert.equal(encodeStream(stdin, 1, bytesOf("")).length, 0);
});

test("a stream that is larger than a record goes on in the next", () => {
  const records = encodeStream(stdin, 1, Buffer.alloc(65_536 + 65_535, "x"));
  assert.equal(records.length, 65_536 + 65_535 + 3 * 8);
  assert.deepEqual(records.subarray(0, 8), encodeRecordHead(stdin, 1, 65_535));
  assert.deepEqual(records.subarray(8 + 65_535, 16 + 65_535), encodeRecordHead(stdin, 1, 65_535));
  assert.deepEqual(records.subarray(-9), encodeRecord(stdin, 1, bytesOf("x")));
});

const WRONG: [what: string, make: () => void][] = [
  ["content over 65535 bytes", () => encodeRecord(stdin, 1, Buffer.alloc(65_536))],
  ["less than no content", () => encodeRecordHead(stdin, 1, -1)],
  ["a part of a byte", () => encodeRecordHead(stdin, 1, 0.5)],
  ["an id over 65535", () => encodeAbort(65_536)],
  ["an id below 0", () => encodeAbort(-1)],
  ["a type over 255", () => encodeRecordHead(256, 1, 0)],
  ["padding over 255 bytes", () => encodeRecordHead(stdin, 1, 0, 256)],
  [
    "a head where there is no room",
    () => writeRecordHead(new Uint8Array(8), 1, { type: stdin, requestId: 1, contentBytes: 0 }),
  ],
];
for (const [what, make] of WRONG) {
  test(`${what} would be another record, and throws`, () => assert.throws(make, RangeError));
}

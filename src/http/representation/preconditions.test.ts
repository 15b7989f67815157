import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf } from "../../testing/index.ts";
import { evaluatePreconditions, type Outcome, type Validators } from "./preconditions.ts";

const CHANGED_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const SAME = "Fri, 02 Jan 2026 03:04:05 GMT";
const EARLIER = "Fri, 02 Jan 2026 03:04:04 GMT";
const LATER = "Fri, 02 Jan 2026 03:04:06 GMT";

const FILE: Validators = { etag: '"a"', mtimeMs: CHANGED_MS };
const WEAK: Validators = { etag: 'W/"a"', mtimeMs: CHANGED_MS };
const UNTAGGED: Validators = { etag: null, mtimeMs: CHANGED_MS };
const UNDATED: Validators = { etag: '"a"', mtimeMs: null };
const NOTHING: Validators = { etag: null, mtimeMs: null };

const OK = "proceed";
const FAILED = "preconditionFailed";
const UNCHANGED = "notModified";

type Lines = Readonly<Record<string, string>>;
type Row = readonly [lines: Lines, is: Validators, get: Outcome, put: Outcome];

function outcome(method: string, lines: Lines, is: Validators): Outcome {
  return evaluatePreconditions(method, fieldsOf(lines), is, CHANGED_MS + 60_000);
}

/** Each line is one branch of RFC 9110 §13.2.2, to GET and HEAD and to PUT and DELETE. */
const ROWS: readonly Row[] = [
  [{}, FILE, OK, OK],
  [{}, NOTHING, OK, OK],
  // 1. If-Match, compared strongly
  [{ "if-match": '"a"' }, FILE, OK, OK],
  [{ "if-match": '"x", "a"' }, FILE, OK, OK],
  [{ "if-match": '"x,a", "y"' }, FILE, FAILED, FAILED],
  [{ "if-match": '"b"' }, FILE, FAILED, FAILED],
  [{ "if-match": 'W/"a"' }, FILE, FAILED, FAILED],
  [{ "if-match": 'W/"a"' }, WEAK, FAILED, FAILED],
  [{ "if-match": '"a"' }, WEAK, FAILED, FAILED],
  [{ "if-match": "*" }, FILE, OK, OK],
  [{ "if-match": "*" }, UNTAGGED, OK, OK],
  [{ "if-match": "*" }, NOTHING, FAILED, FAILED],
  [{ "if-match": '"a"' }, NOTHING, FAILED, FAILED],
  [{ "if-match": '"a"' }, UNTAGGED, FAILED, FAILED],
  [{ "if-match": "a" }, FILE, FAILED, FAILED],
  [{ "if-match": "" }, FILE, FAILED, FAILED],
  [{ "if-match": '*, "a"' }, FILE, FAILED, FAILED],
  // 2. If-Unmodified-Since, only without If-Match
  [{ "if-unmodified-since": SAME }, FILE, OK, OK],
  [{ "if-unmodified-since": LATER }, FILE, OK, OK],
  [{ "if-unmodified-since": EARLIER }, FILE, FAILED, FAILED],
  [{ "if-unmodified-since": "Friday, 02-Jan-26 03:04:04 GMT" }, FILE, FAILED, FAILED],
  [{ "if-unmodified-since": "Fri Jan  2 03:04:04 2026" }, FILE, FAILED, FAILED],
  [{ "if-unmodified-since": "yesterday" }, FILE, OK, OK],
  [{ "if-unmodified-since": `${EARLIER}, ${EARLIER}` }, FILE, OK, OK],
  [{ "if-unmodified-since": EARLIER }, UNDATED, OK, OK],
  [{ "if-unmodified-since": EARLIER }, NOTHING, OK, OK],
  [{ "if-match": '"a"', "if-unmodified-since": EARLIER }, FILE, OK, OK],
  [{ "if-match": '"b"', "if-unmodified-since": LATER }, FILE, FAILED, FAILED],
  // 3. If-None-Match, compared weakly
  [{ "if-none-match": '"a"' }, FILE, UNCHANGED, FAILED],
  [{ "if-none-match": 'W/"a"' }, FILE, UNCHANGED, FAILED],
  [{ "if-none-match": '"a"' }, WEAK, UNCHANGED, FAILED],
  [{ "if-none-match": '"x", W/"y", "a"' }, FILE, UNCHANGED, FAILED],
  [{ "if-none-match": '"b"' }, FILE, OK, OK],
  [{ "if-none-match": '"x,", ",a"' }, FILE, OK, OK],
  [{ "if-none-match": "*" }, FILE, UNCHANGED, FAILED],
  [{ "if-none-match": "*" }, UNTAGGED, UNCHANGED, FAILED],
  [{ "if-none-match": "*" }, NOTHING, OK, OK],
  [{ "if-none-match": '"a"' }, NOTHING, OK, OK],
  [{ "if-none-match": "a" }, FILE, OK, OK],
  [{ "if-none-match": '"a' }, FILE, OK, OK],
  // 4. If-Modified-Since, only without If-None-Match, and only to GET and HEAD
  [{ "if-modified-since": SAME }, FILE, UNCHANGED, OK],
  [{ "if-modified-since": LATER }, FILE, UNCHANGED, OK],
  [{ "if-modified-since": EARLIER }, FILE, OK, OK],
  [{ "if-modified-since": "Friday, 02-Jan-26 03:04:05 GMT" }, FILE, UNCHANGED, OK],
  [{ "if-modified-since": "Fri Jan  2 03:04:05 2026" }, FILE, UNCHANGED, OK],
  [{ "if-modified-since": "tomorrow" }, FILE, OK, OK],
  [{ "if-modified-since": `${SAME}, ${SAME}` }, FILE, OK, OK],
  [{ "if-modified-since": SAME }, UNDATED, OK, OK],
  [{ "if-modified-since": SAME }, NOTHING, OK, OK],
  [{ "if-none-match": '"b"', "if-modified-since": LATER }, FILE, OK, OK],
  [{ "if-none-match": '"a"', "if-modified-since": EARLIER }, FILE, UNCHANGED, FAILED],
  [{ "if-none-match": "bad", "if-modified-since": LATER }, FILE, OK, OK],
  // the steps one after another
  [{ "if-match": '"a"', "if-none-match": '"a"' }, FILE, UNCHANGED, FAILED],
  [{ "if-match": '"b"', "if-none-match": '"a"' }, FILE, FAILED, FAILED],
  [{ "if-match": '"a"', "if-none-match": '"b"' }, FILE, OK, OK],
  [{ "if-match": '"a"', "if-modified-since": SAME }, FILE, UNCHANGED, OK],
  [{ "if-unmodified-since": SAME, "if-modified-since": SAME }, FILE, UNCHANGED, OK],
  [{ "if-unmodified-since": EARLIER, "if-none-match": '"a"' }, FILE, FAILED, FAILED],
];
for (const [lines, is, get, put] of ROWS) {
  const asked = Object.entries(lines).map(([name, value]) => `${name}: ${value}`);
  test(`${asked.join("; ")} of ${is.etag} ${is.mtimeMs}: ${get}, ${put}`, () => {
    assert.equal(outcome("GET", lines, is), get);
    assert.equal(outcome("HEAD", lines, is), get);
    assert.equal(outcome("PUT", lines, is), put);
    assert.equal(outcome("DELETE", lines, is), put);
  });
}

for (const method of ["OPTIONS", "TRACE", "CONNECT"]) {
  test(`conditions mean nothing to ${method}`, () => {
    assert.equal(outcome(method, { "if-match": '"b"' }, FILE), OK);
    assert.equal(outcome(method, { "if-none-match": "*" }, FILE), OK);
  });
}

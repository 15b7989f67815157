import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fieldNameComplaint,
  fieldValueComplaint,
  mediaTypeComplaint,
  methodComplaint,
} from "./field-checks.ts";

const CHECKS = [
  {
    what: "a field's name",
    check: fieldNameComplaint,
    good: ["X-Frame-Options", "x", "Content-Security-Policy", "Set-Cookie"],
    bad: [
      ...["", "X Y", "X:", "X\r\nY", "X\n", "X\0", "é", "Content-Length", "content-length", "DATE"],
      ...["Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Trailer", "TE"],
    ],
  },
  {
    what: "a field's value",
    check: fieldValueComplaint,
    good: ["", "DENY", "a\tb", "max-age=60, immutable", '"quoted"'],
    bad: [" a", "a ", "\ta", "a\r\nX-A: b", "a\nb", "a\n", "a\0", "a\x7f", "é", "☃"],
  },
  {
    what: "a media type",
    check: mediaTypeComplaint,
    good: ["text/plain", "text/plain; charset=utf-8", 'a/b;c="d e"; f=g', "image/svg+xml"],
    bad: ["", "text", "text/", "/plain", "text/plain;", "text /plain", "a/b\r\nX-A: b", "a/b\n"],
  },
  {
    what: "a method's name",
    check: methodComplaint,
    good: ["GET", "VERSION-CONTROL", "M-SEARCH"],
    bad: ["", "get", "Get", "GET POST", "GET,", "TRACE", "trace", "CONNECT", "G\r\n", "G\n"],
  },
];

for (const { what, check, good, bad } of CHECKS) {
  for (const text of good) {
    test(`${JSON.stringify(text)} can be ${what}`, () => {
      assert.equal(check(text), null);
    });
  }
  for (const text of bad) {
    test(`${JSON.stringify(text)} cannot be ${what}`, () => {
      assert.notEqual(check(text), null);
    });
  }
}

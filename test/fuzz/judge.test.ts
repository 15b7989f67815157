import assert from "node:assert/strict";
import { test } from "node:test";
import { SECRET } from "../corpus/root.ts";
import { problemIn } from "./judge.ts";

const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

const FINE = [
  "",
  HELLO,
  HELLO + HELLO,
  HEAD,
  HEAD + HELLO,
  `${CHUNKED}5\r\nhello\r\n0\r\n\r\n${HELLO}`,
];
for (const wire of FINE) {
  test(`${JSON.stringify(wire)} is in order`, () => assert.equal(problemIn(wire), null));
}

const WRONG: [wire: string, problem: RegExp][] = [
  [HELLO.replace("200 OK", "500 Internal Server Error"), /status 500/],
  [HELLO.replace("200 OK", "503 Service Unavailable"), /status 503/],
  [HELLO.replace("200 OK", "299 What"), /status 299/],
  [`${HELLO}${HELLO.replace("200 OK", "502 Bad Gateway")}`, /status 502/],
  [HELLO.slice(0, -1), /cut short/],
  [HELLO.replace("hello", SECRET), /outside the root/],
  ["<h1>Hi!</h1>\n", /no answer/],
  ["hello\r\n\r\n", /no head/],
  ["HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", /no head/],
  ["HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", /no head/],
  [`${HELLO}rest`, /no answer/],
  [`${CHUNKED}5\r\nhello\r\n`, /cut short/],
  [`${CHUNKED}5\r\nhello\r\n0\r\n`, /cut short/],
  [`${CHUNKED}zz\r\n`, /cut short/],
];
for (const [wire, problem] of WRONG) {
  test(`${JSON.stringify(wire)} is not in order`, () => {
    assert.match(problemIn(wire) ?? "", problem);
  });
}

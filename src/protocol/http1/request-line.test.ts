import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit, parseRequests } from "../../testing/index.ts";

const HOST = "Host: a.example\r\n";
const LONG = "x".repeat(80);
const VIOLATIONS = {
  requestLineMalformed: [
    " GET / HTTP/1.1\r\n",
    "\nGET / HTTP/1.1\r\n",
    "\x16\x03\x01",
    "\x80",
    "G\x00",
    "GE(T / ",
    "GET\t/",
    "GET  / HTTP/1.1\r\n",
    "GET  HTTP/1.1\r\n",
    "GET / a HTTP/1.1\r\n",
    "GET\r\n",
    "GET \r\n",
    "GET HTTP/1.1\r\n",
    "GET /\r\n\r\n",
    "GET /\n",
    "GET /  HTTP/1.1\r\n",
    "GET / http/1.1\r\n",
    "GET / HTTP/1\r\n",
    "GET / HTTP/1.\r\n",
    "GET / HTTP/1.10\r\n",
    "GET / HTTP/11.1\r\n",
    "GET / HTTP/1,1\r\n",
    "GET / HTTP/x.y\r\n",
    "GET / HTTP/+1.1\r\n",
    "GET / HTTPS/1.1\r\n",
    "GET / ICAP/1.0\r\n",
    "GET / HTTP/1.1 \r\n",
    "GET / HTTP/1.1x\r\n",
    "GET / HTTP/1.1\n",
    "GET / HTTP/1.1\rHost: a\r\n",
    "GET / HTTP/1.1\r\r\n",
    `${LONG} / HTTP/1.1\r\n`,
    "M".repeat(65),
    "\r\n\r\n\r\n\r\n\r\n",
  ],
  versionUnsupported: [
    "GET / HTTP/2.0\r\n",
    "GET / HTTP/0.9\r\n",
    "GET / HTTP/1.2\r\n",
    "GET / HTTP/9.9\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ],
  targetMalformed: [
    "GET /\x00 ",
    "GET /\x7f",
    "GET /caf\xe9 ",
    "GET /a\t",
    "GET /a#b ",
    "GET /a\fHTTP/1.1\r\n",
    `GET a HTTP/1.1\r\n${HOST}\r\n`,
    `GET * HTTP/1.1\r\n${HOST}\r\n`,
    `GET a:80 HTTP/1.1\r\n${HOST}\r\n`,
    `GET ftp://a/ HTTP/1.1\r\n${HOST}\r\n`,
    `GET http:///x HTTP/1.1\r\n${HOST}\r\n`,
    `GET http://u@a/ HTTP/1.1\r\n${HOST}\r\n`,
    `GET http://a:x/ HTTP/1.1\r\n${HOST}\r\n`,
    `CONNECT / HTTP/1.1\r\n${HOST}\r\n`,
    `CONNECT a HTTP/1.1\r\n${HOST}\r\n`,
  ],
  targetTooLong: [`GET /${LONG} HTTP/1.1\r\n${HOST}\r\n`, `GET /${"y".repeat(64)}`],
};
for (const [code, wires] of Object.entries(VIOLATIONS)) {
  for (const wire of wires) {
    test(`${JSON.stringify(wire)} is ${code}, and nothing behind it is read`, () => {
      const notes = everySplit(`${wire}GET /b HTTP/1.1\r\n${HOST}\r\n`, parseRequests);
      assert.equal(notes.violation, code);
      assert.ok(notes.heads.every(({ method }) => method !== "GET"));
      assert.equal(notes.step, "dead");
    });
  }
}

test("an impossible first byte is refused without waiting for a line", () => {
  for (const byte of [0x00, 0x0a, 0x16, 0x20, 0x22, 0x3a, 0x7f, 0x80, 0xff]) {
    assert.equal(parseRequests([Uint8Array.of(byte)]).violation, "requestLineMalformed");
  }
});

test("the last byte of a limit is taken, and no more", () => {
  const target = (bytes: number): string => `GET /${"a".repeat(bytes - 1)} HTTP/1.1\r\n${HOST}\r\n`;
  assert.equal(everySplit(target(64), parseRequests).violation, null);
  assert.equal(everySplit(target(65), parseRequests).violation, "targetTooLong");
  const method = (bytes: number): string => `${"M".repeat(bytes)} / HTTP/1.1\r\n${HOST}\r\n`;
  assert.equal(everySplit(method(64), parseRequests).violation, null);
  assert.equal(everySplit(method(65), parseRequests).violation, "requestLineMalformed");
});

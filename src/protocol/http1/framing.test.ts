import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit, parseRequests } from "../../testing/index.ts";

const HOST = "Host: a.example\r\n";
const VIOLATIONS = {
  hostMissing: ["GET / HTTP/1.1\r\n\r\n", "GET http://a/ HTTP/1.1\r\nX-Host: a\r\n\r\n"],
  hostMalformed: [
    `${HOST}${HOST}`,
    `${HOST}host: b\r\n`,
    "Host:\r\n",
    "Host:\r\nHost:\r\n",
    "Host: a, a\r\n",
    "Host: a/x\r\n",
    "Host: u@a\r\n",
    "Host: a:b\r\n",
    "Host: a:99999\r\n",
    "Host: a b\r\n",
    "Host: [::1\r\n",
    "Host: <a>\r\n",
  ].map((host) => `GET / HTTP/1.1\r\n${host}\r\n`),
  lengthMalformed: [
    "+5",
    "-5",
    "0x5",
    "5 0",
    "5.0",
    "1_0",
    "1e1",
    "",
    "five",
    ",",
    "5,5",
    "5, 6",
    "5\r\nContent-Length: 5",
    "5\r\nContent-Length: x",
    "5\r\ncontent-length: 6",
    "\xb2",
    "9007199254740992",
    "18446744073709551616",
    "9".repeat(40),
  ].map((length) => `PUT / HTTP/1.1\r\n${HOST}Content-Length: ${length}\r\n\r\nhello`),
  framingAmbiguous: ["chunked", "xchunked", ""].flatMap((coding) => [
    `PUT / HTTP/1.1\r\n${HOST}Content-Length: 0\r\nTransfer-Encoding: ${coding}\r\n\r\n`,
    `PUT / HTTP/1.1\r\n${HOST}Transfer-Encoding: ${coding}\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  ]),
  codingMalformed: [
    "",
    ",",
    "chunked,",
    ",chunked",
    "chunked, chunked",
    "chunked\r\nTransfer-Encoding: chunked",
    "chun ked",
    "chunked;q=1",
    '"chunked"',
    "chunked\xa0",
  ].map((coding) => `PUT / HTTP/1.1\r\n${HOST}Transfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`),
  codingUnknown: [
    "xchunked",
    "identity",
    "gzip",
    "gzip, chunked",
    "chunked, identity",
    "x\r\nTransfer-Encoding: chunked",
  ].map((coding) => `PUT / HTTP/1.1\r\n${HOST}Transfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`),
  codingNotAllowed: ["PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
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

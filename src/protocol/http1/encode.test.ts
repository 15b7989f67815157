import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeChunkHead,
  encodeRequestHead,
  encodeResponseHead,
  encodeTrailers,
  LAST_CHUNK,
} from "./encode.ts";
import { reasonPhrase } from "./reason-phrases.ts";

test("a response's head has its status, reason and fields as given", () => {
  const fields = [
    ["A", "caf\xe9\t"],
    ["a", ""],
  ] as const;
  assert.equal(
    encodeResponseHead({ status: 404, fields }),
    "HTTP/1.1 404 Not Found\r\nA: caf\xe9\t\r\na: \r\n\r\n",
  );
});

test("a status without words keeps the space before them", () => {
  assert.equal(reasonPhrase(299), "");
  assert.equal(encodeResponseHead({ status: 299, fields: [] }), "HTTP/1.1 299 \r\n\r\n");
});

test("a request's head has its fields as given", () => {
  assert.equal(
    encodeRequestHead({ method: "PUT", target: "/a?b", fields: [["Host", "a"]] }),
    "PUT /a?b HTTP/1.1\r\nHost: a\r\n\r\n",
  );
});

test("chunks are framed in hexadecimal", () => {
  assert.equal(encodeChunkHead(1), "1\r\n");
  assert.equal(encodeChunkHead(65_535), "ffff\r\n");
  assert.equal(LAST_CHUNK, "0\r\n\r\n");
  assert.equal(encodeTrailers([["X", "y"]]), "0\r\nX: y\r\n\r\n");
  assert.equal(encodeTrailers([]), LAST_CHUNK);
});

const BAD_NAMES = [
  "",
  " ",
  "A ",
  " A",
  "A B",
  "A:",
  "A\r\nB",
  "A\n",
  "A\x00",
  "\xe9",
  "\u0141",
  "(a)",
];
const BAD_VALUES = ["\r", "\n", "a\r\nB: c", "a\nb", "\x00", "\x7f", "\x1b[0m", "\u0141", "😀"];
for (const [name, value] of [
  ...BAD_NAMES.map((name) => [name, "x"] as const),
  ...BAD_VALUES.map((value) => ["X", value] as const),
]) {
  test(`the field ${JSON.stringify([name, value])} is thrown back`, () => {
    const fields = [
      ["Good", "good"],
      [name, value],
    ] as const;
    assert.throws(() => encodeResponseHead({ status: 200, fields }), TypeError);
    assert.throws(() => encodeRequestHead({ method: "GET", target: "/", fields }), TypeError);
    assert.throws(() => encodeTrailers(fields), TypeError);
  });
}

for (const status of [0, 99, 600, 200.5, -200, NaN, Infinity]) {
  test(`the status ${status} is thrown back`, () => {
    assert.throws(() => encodeResponseHead({ status, fields: [] }), RangeError);
  });
}

for (const size of [0, -1, 1.5, NaN, Infinity, 2 ** 53]) {
  test(`a chunk of ${size} bytes is thrown back`, () => {
    assert.throws(() => encodeChunkHead(size), RangeError);
  });
}

test("methods and targets that break the request line are thrown back", () => {
  for (const method of ["", "G T", "GET\r\n", "G\xe9T"]) {
    assert.throws(() => encodeRequestHead({ method, target: "/", fields: [] }), TypeError);
  }
  for (const target of ["", "/a b", "/\r\n", "/\xe9", "/a#b", "/\x00"]) {
    assert.throws(() => encodeRequestHead({ method: "GET", target, fields: [] }), TypeError);
  }
});

test("trailers that frame or route are thrown back", () => {
  for (const name of ["Content-Length", "transfer-encoding", "HOST"]) {
    assert.throws(() => encodeTrailers([[name, "1"]]), TypeError);
  }
});

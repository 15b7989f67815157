import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { readHead } from "./head.ts";

const TYPE = ["Content-Type", "a/b"] as const;

for (const location of ["//a.example/x", "x", "?x", "/x#y", "/x y", "/\xe9", "http://a.example/"]) {
  test(`Location ${JSON.stringify(location)} is the client's to follow`, () => {
    const fields = [["location", location]] as const;
    assert.deepEqual(readHead(fields, null), {
      content: "none",
      head: { kind: "clientRedirect", status: 302, fields, length: 0 },
    });
  });
}

const BESIDE: [name: string, value: string][] = [
  ["Status", "302"],
  ["Content-Type", "a/b"],
  ["Content-Length", "0"],
  ["Connection", "close"],
  ["X", ""],
];
for (const beside of BESIDE) {
  test(`a path in Location beside ${beside[0]} is the client's to follow`, () => {
    const read = readHead([["Location", "/x"], beside], null);
    assert.ok(!(read instanceof Failure));
    assert.equal(read.head.kind, "clientRedirect");
  });
}

test("a path in Location behind a status line is the client's to follow", () => {
  const read = readHead([["Location", "/x"]], 301);
  assert.ok(!(read instanceof Failure));
  assert.equal(read.head.kind === "clientRedirect" && read.head.status, 301);
});

const HOP_BY_HOP = "Connection Keep-Alive Proxy-Connection TE Trailer Transfer-Encoding Upgrade";
for (const name of [...HOP_BY_HOP.split(" "), "Status", "Content-Length"]) {
  test(`${name} does not go to the client, however it is spelled`, () => {
    for (const spelled of [name, name.toUpperCase(), name.toLowerCase()]) {
      const read = readHead([TYPE, [spelled, name === "Status" ? "201" : "5"]], null);
      assert.ok(!(read instanceof Failure));
      assert.deepEqual(read.head.kind === "document" && read.head.fields, [TYPE]);
    }
  });
}

const LENGTHS = ["", "-1", "+1", "0x1", "1e3", "1.0", "1, 1", "1 1", "\xb2", "9007199254740993"];
for (const length of LENGTHS) {
  test(`Content-Length ${JSON.stringify(length)} is refused`, () => {
    const failure = readHead([TYPE, ["Content-Length", length]], null);
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, "cgiHeadMalformed");
  });
}

for (const name of ["__proto__", "constructor", "toString"]) {
  test(`a field may be called ${name}`, () => {
    const read = readHead([TYPE, [name, "1"], [name, "2"]], null);
    assert.ok(!(read instanceof Failure));
    assert.equal(read.head.kind === "document" && read.head.fields.length, 3);
  });
}

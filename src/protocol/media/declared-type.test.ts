import assert from "node:assert/strict";
import { test } from "node:test";
import { agreedType, matchesAccept } from "./declared-type.ts";

const PNG = "\x89PNG\r\n\x1a\n";
const GIF = "GIF89a";
const ZIP = "PK\x03\x04";
const PAGE = "<html>";
const SVG = "<svg>";
const BINARY = "\0\x01";

const DECLARED: [declared: string | null, bytes: string, type: string | null][] = [
  [null, PNG, "image/png"],
  ["", PAGE, "text/html"],
  ["application/octet-stream", BINARY, "application/octet-stream"],
  [null, "", "application/octet-stream"],
  ["image/png", PNG, "image/png"],
  ["IMAGE/PNG; x=y", PNG, "image/png"],
  ["image/jpg", "\xff\xd8\xff\xe0", "image/jpeg"],
  ["image/png", PAGE, null],
  ["image/png", GIF, null],
  ["image/png", "", null],
  ["image/png", BINARY, null],
  ["image/png", "text", null],
  ["image/svg+xml", SVG, "image/svg+xml"],
  ["image/svg+xml", PAGE, null],
  ["image/gif", SVG, null],
  ["application/pdf", PAGE, null],
  ["application/zip", PNG, null],
  ["video/quicktime", "\0\0\0\x14ftypisom", "video/quicktime"],
  ["image/avif", "\0\0\0\x14ftypisom", null],
  ["application/json", '{"a":1}', "application/json"],
  ["application/ld+json", "[]", "application/ld+json"],
  ["application/json", "", "application/json"],
  ["application/json", PAGE, null],
  ["application/json", PNG, null],
  ["application/json", BINARY, null],
  ["text/plain", "text", "text/plain"],
  ["text/csv", "a,b", "text/csv"],
  ["text/markdown", PAGE, "text/markdown"],
  ["text/plain", PNG, null],
  ["text/plain", BINARY, null],
  ["text/html", "text", "text/html"],
  ["text/html", GIF, null],
  ["application/xml", "<?xml?><a/>", "application/xml"],
  ["application/rss+xml", BINARY, null],
  ["application/vnd.oasis.opendocument.text", ZIP, "application/vnd.oasis.opendocument.text"],
  ["application/x-sh", "#!/bin/sh", "application/x-sh"],
  ["application/x-own", BINARY, "application/x-own"],
  ["application/x-own", PAGE, "text/html"],
  ["image/x-own", SVG, "image/svg+xml"],
  ["image/x-own", PNG, "image/png"],
];
for (const [declared, bytes, type] of DECLARED) {
  test(`${JSON.stringify(bytes)} declared as ${declared} is ${type}`, () => {
    assert.equal(agreedType(declared, Buffer.from(bytes, "latin1")), type);
  });
}

const ACCEPTED: [type: string, patterns: string[], matches: boolean][] = [
  ["image/png", ["image/*"], true],
  ["image/png", ["image/png"], true],
  ["image/png", ["text/*", "*/*"], true],
  ["image/jpeg", ["image/jpg"], true],
  ["image/png", ["IMAGE/*"], true],
  ["text/csv", ["text/*"], true],
  ["image/svg+xml", ["image/svg+xml"], true],
  ["image/svg+xml", ["*/*"], true],
  ["image/svg+xml", ["image/*"], false],
  ["image/x-own", ["image/*"], false],
  ["image/png", [], false],
  ["image/png", ["image/gif", "text/*"], false],
  ["image/png", ["image"], false],
  ["image/png", ["*"], false],
  ["imagery/png", ["image/*"], false],
  ["text", ["text/*"], false],
  ["application/json", ["application/jso"], false],
];
for (const [type, patterns, matches] of ACCEPTED) {
  test(`${type} is ${matches ? "" : "not "}among ${JSON.stringify(patterns)}`, () => {
    assert.equal(matchesAccept(type, patterns), matches);
  });
}

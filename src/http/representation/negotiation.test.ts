import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fieldsOf } from "../../testing/index.ts";
import { chooseEncoding, prefers } from "./negotiation.ts";

const ALL = ["zstd", "br", "gzip"];

function chosen(accepted: string, codings: readonly string[] = ALL): string | null {
  return chooseEncoding(fieldsOf({ "accept-encoding": accepted }), codings);
}

const CODINGS: readonly [accepted: string, coding: string | null][] = [
  ["gzip", "gzip"],
  ["GZIP", "gzip"],
  ["x-gzip", "gzip"],
  ["gzip, deflate, br, zstd", "zstd"],
  ["gzip, deflate, br", "br"],
  ["gzip;q=1, br;q=0.5", "gzip"],
  ["gzip;q=0.001", "gzip"],
  ["gzip ; q=0.5 , br ; q=0.6", "br"],
  ["gzip;q=1.000, br;q=0.999", "gzip"],
  ["gzip;Q=0.5, br;q=0.4", "gzip"],
  ["*", "zstd"],
  ["*;q=0.5, gzip", "gzip"],
  ["*, zstd;q=0", "br"],
  ["*;q=0, gzip", "gzip"],
  ["identity;q=0, gzip;q=0.1", "gzip"],
  ["identity, gzip", "gzip"],
  ["gzip;q =0", null],
  ["gzip;q= 1, br;q=0.1", "br"],
  ["identity;q=0.5, gzip;q=0.5", "gzip"],
  ["gzip;q", "gzip"],
  ["@!, ;;, gzip", "gzip"],
  ["", null],
  ["identity", null],
  ["identity;q=1, gzip;q=0.5", null],
  ["identity;q=0", null],
  ["*;q=0", null],
  ["deflate, compress", null],
  ["gzip;q=0", null],
  ["gzip;q=0.000, br;q=0", null],
  ["gzip;q=2", null],
  ["gzip;q=-1", null],
  ["gzip;q=0.1234", null],
  ["gzip;q=1.001", null],
  ["gzip;q=.5", null],
  ["gzip;q=", null],
  ["gzip;q=NaN", null],
  ["gzip br", null],
  ["gzipped", null],
];
for (const [accepted, coding] of CODINGS) {
  test(`who accepts ${JSON.stringify(accepted)} gets ${coding ?? "it plain"}`, () => {
    assert.equal(chosen(accepted), coding);
  });
}

test("without the field, and of nothing, nothing is chosen", () => {
  assert.equal(chooseEncoding(fieldsOf({}), ALL), null);
  assert.equal(chosen("*", []), null);
});

test("only what there is is chosen", () => {
  assert.equal(chosen("zstd, br, gzip;q=0.1", ["gzip"]), "gzip");
  assert.equal(chosen("zstd, br", ["gzip"]), null);
});

const HTML_OR_JSON = ["text/html", "application/json"];
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

const TYPES: readonly [accept: string | null, type: string | null][] = [
  [null, "text/html"],
  ["", "text/html"],
  ["*/*", "text/html"],
  [BROWSER, "text/html"],
  ["application/json", "application/json"],
  ["Application/JSON", "application/json"],
  ["application/json, */*", "application/json"],
  ["application/json, text/plain, */*", "application/json"],
  ["application/*", "application/json"],
  ["text/html;q=0.5, application/json;q=0.6", "application/json"],
  ["text/*;q=0.5, */*;q=0.4", "text/html"],
  ["text/html;q=0, */*", "application/json"],
  ["application/json;charset=utf-8", "application/json"],
  ["text/html;level=1;q=0.4, text/html;q=0.7, application/json;q=0.5", "text/html"],
  ["text/html;q=0.3;ext=1, application/json;q=0.4", "application/json"],
  ["image/png", null],
  ["text/html;q=0", null],
  ["*/*;q=0", null],
  ["text/html;q=9", null],
  ["html", null],
  ["text/", null],
  ["/*", null],
];
for (const [accept, type] of TYPES) {
  test(`who accepts ${JSON.stringify(accept)} is given ${type ?? "nothing"}`, () => {
    assert.equal(prefers(accept, HTML_OR_JSON), type);
  });
}

test("nothing that a client sends breaks the choice", () => {
  const character = fc.constantFrom(
    ...'gzipbrt*;,=q.01 \t"/-',
    "identity",
    "gzip",
    "q=0.5",
    "\xff",
  );
  const anything = fc.oneof(
    fc.array(character, { maxLength: 30 }).map((parts) => parts.join("")),
    fc.string(),
  );
  fc.assert(
    fc.property(anything, (text) => {
      assert.ok([null, ...ALL].includes(chosen(text)));
      assert.ok([null, ...HTML_OR_JSON].includes(prefers(text, HTML_OR_JSON)));
    }),
    { numRuns: 2000 },
  );
});

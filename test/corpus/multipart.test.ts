// Every form of the corpus through the parser: small ones cut at every place, large ones in the
// pieces that a socket gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit, lend } from "../../src/testing/index.ts";
import { bodyOf, parseForm, problemWith, readFormCases, type FormCase } from "./multipart-cases.ts";

const EVERY_SPLIT_BYTES_MAX = 2000;
const PIECE_BYTES = [65_536, 4093];

for (const file of ["multipart.jsonl", "multipart-odd.jsonl"]) {
  for (const one of readFormCases(new URL(file, import.meta.url))) {
    test(`${file}, ${one.area}: ${one.name} (RFC ${one.rfc})`, () => {
      for (const seen of outcomesOf(one))
        assert.equal(problemWith(seen, one.expect), null, one.why);
    });
  }
}

function* outcomesOf(one: FormCase): Generator<ReturnType<typeof parseForm>> {
  const body = bodyOf(one);
  const run = (pieces: Iterable<Uint8Array>) => parseForm(one.content_type, pieces);
  if (body.length <= EVERY_SPLIT_BYTES_MAX) yield everySplit(body, run);
  else for (const bytes of PIECE_BYTES) yield run(lend(piecesOf(body, bytes)));
}

function* piecesOf(body: string, bytes: number): Generator<string> {
  for (let at = 0; at < body.length; at += bytes) yield body.slice(at, at + bytes);
}

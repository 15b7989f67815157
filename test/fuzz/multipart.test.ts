// Forms that were made up come back whole however they are cut; forms that went wrong are refused
// or read, the same way however they are cut, and nothing comes out that was not in.
//
// FUZZ_SEED=7 chooses others, FUZZ_COUNT=500000 more of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure } from "../../src/base/failure.ts";
import { MULTIPART_LIMITS, multipartBoundary, MultipartParser } from "../../src/protocol/index.ts";
import { bodyOf, readFormCases } from "../corpus/multipart-cases.ts";
import { mutated } from "./mutate.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const COUNT = Number(process.env["FUZZ_COUNT"] ?? 20_000);
const SEED_BYTES_MAX = 4096;

interface MadePart {
  readonly name: string;
  readonly filename: string | null;
  readonly content: string;
}

const BOUNDARIES = ["x", "--", "ab-ab", "'()+_,-./:=?", "a b", "----PorticoFormBoundary7MA4YWxk"];
/** What content is made of, so that much of it is nearly a delimiter. */
const PIECES = ["\r", "\n", "\r\n", "--", "\r\n--", "-", "\0", "\xff", "x", "some text", " \r\n"];
const NAMES = ["a", "", "ä€😀", 'say "hi"', "C:\\a\\b", "100%", "a;b=c", "__proto__", "\t."];

function madePart(random: Random, boundary: string): MadePart {
  const cuts = [boundary, `\r\n--${boundary.slice(0, -1)}`, `--${boundary}`, `\n--${boundary}--`];
  let content = "";
  for (let count = random.below(12); count > 0; count -= 1) {
    content += random.pick(random.below(3) === 0 ? cuts : PIECES);
  }
  // What is a delimiter can't be content, at its start either.
  content = content.replaceAll(`\r\n--${boundary}`, "");
  if (content.startsWith(`--${boundary}`) || content.includes(`\r\n--${boundary}`)) content = "";
  const filename = random.below(2) === 0 ? null : random.pick(NAMES);
  return { name: random.pick(NAMES), filename, content };
}

/** In latin1, a character a byte. */
function written(part: MadePart, random: Random): string {
  const quoted = (text: string) => {
    const latin1 = Buffer.from(text).toString("latin1");
    const percent = random.below(2) === 0 && !text.includes("%");
    return `"${latin1.replaceAll("\\", "\\\\").replaceAll('"', percent ? "%22" : '\\"')}"`;
  };
  const lines = [`Content-Disposition: form-data; name=${quoted(part.name)}`];
  if (part.filename !== null) {
    const escaped = encodeURIComponent(part.filename).replaceAll(/['()*]/gu, "");
    const plain = random.below(2) === 0 || part.filename.includes("\t");
    lines[0] += plain ? `; filename=${quoted(part.filename)}` : `; filename*=UTF-8''${escaped}`;
  }
  if (random.below(2) === 0) lines.splice(random.below(2), 0, "Content-Type: text/plain");
  return `${lines.join("\r\n")}\r\n\r\n${part.content}\r\n`;
}

interface Outcome {
  readonly parts: MadePart[];
  readonly failure: string | null;
}

/** Feeds `bytes` in pieces of up to `pieceBytesMax`, each overwritten behind the parser. */
function outcomeOf(
  boundary: string,
  bytes: Buffer,
  random: Random,
  pieceBytesMax: number,
): Outcome {
  const parts: MadePart[] = [];
  let content = Buffer.alloc(0);
  let head = { name: "", filename: null as string | null };
  const parser = new MultipartParser(boundary, MULTIPART_LIMITS, {
    onPart({ name, filename }) {
      head = { name, filename };
      content = Buffer.alloc(0);
    },
    onContent: (piece) => (content = Buffer.concat([content, piece])),
    onPartEnd: () => parts.push({ ...head, content: content.toString("latin1") }),
  });
  let failure: Failure | null = null;
  for (let at = 0; at < bytes.length && failure === null;) {
    const piece = Buffer.from(bytes.subarray(at, at + 1 + random.below(pieceBytesMax)));
    failure = parser.feed(piece);
    at += piece.length;
    piece.fill(0x21);
  }
  failure ??= parser.end();
  return { parts, failure: failure?.code ?? null };
}

test(`made forms come back whole (seed ${SEED})`, () => {
  for (let number = 0; number < COUNT / 10; number += 1) {
    const random = new Random(SEED * 1_000_003 + number);
    const boundary = random.pick(BOUNDARIES);
    const parts = Array.from({ length: random.below(6) }, () => madePart(random, boundary));
    const blanks = random.pick(["", " ", "\t "]);
    const preamble = parts.length === 0 ? "" : random.pick(["", "\r\n", "mail\r\n", "--\r\n"]);
    const wire = parts.map((part) => `--${boundary}${blanks}\r\n${written(part, random)}`);
    const form = `${preamble}${wire.join("")}--${boundary}--${random.pick(["", "\r\n", " \r\nx"])}`;
    for (const bytesMax of [1, 7, 60, 100_000]) {
      const outcome = outcomeOf(boundary, Buffer.from(form, "latin1"), random, bytesMax);
      const what = `seed ${SEED}, number ${number}, ${JSON.stringify(form)}`;
      assert.deepEqual(outcome, { parts, failure: null }, what);
    }
  }
});

test(`${COUNT} mutants are read alike however they are cut (seed ${SEED})`, () => {
  const cases = ["multipart.jsonl", "multipart-odd.jsonl"]
    .flatMap((file) => readFormCases(new URL(`../corpus/${file}`, import.meta.url)))
    .map((one) => ({ boundary: multipartBoundary(one.content_type), body: bodyOf(one) }))
    .filter(({ boundary, body }) => typeof boundary === "string" && body.length < SEED_BYTES_MAX);
  const outcomes = new Set<string | null>();
  for (let number = 0; number < COUNT; number += 1) {
    const random = new Random(SEED * 1_000_003 + number);
    const boundary = random.pick(cases).boundary as string;
    const seeds = cases.filter((one) => one.boundary === boundary && one.body !== "");
    if (seeds.length === 0) continue;
    const bytes = mutated(
      seeds.map(({ body }) => Buffer.from(body, "latin1")),
      random,
    );
    const whole = outcomeOf(boundary, bytes, new Random(1), 1_000_000);
    const cut = outcomeOf(boundary, bytes, random, 1 + random.below(80));
    const what = `seed ${SEED}, number ${number}, ${JSON.stringify(bytes.toString("latin1"))}`;
    assert.deepEqual(cut, whole, what);
    const contentBytes = whole.parts.reduce((sum, { content }) => sum + content.length, 0);
    assert.ok(contentBytes < bytes.length, what);
    outcomes.add(whole.failure);
  }
  // Else the mutants are all of one kind, and show nothing.
  assert.ok(outcomes.has(null) && outcomes.size >= 5, [...outcomes].join());
});

// FastCGI that was made up comes back whole, however records and pieces are cut; what went wrong is
// refused or read, the same way however it is cut.
//
// FUZZ_SEED=7 chooses others, FUZZ_COUNT=500000 more of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  encodeAbort,
  encodeEndRequest,
  encodeGetValues,
  encodeGetValuesResult,
  encodePairs,
  encodeRecord,
  encodeStreamEnd,
  encodeUnknownType,
  FASTCGI_TYPES,
  FastCgiAnswerDecoder,
  FastCgiRequestDecoder,
  FastCgiRequestEncoder,
} from "../../src/protocol/index.ts";
import { mutated } from "./mutate.ts";
import { piecesOf } from "./pieces.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const COUNT = Number(process.env["FUZZ_COUNT"] ?? 20_000);
const ID = 1;
const { stdout, stderr } = FASTCGI_TYPES;
const LENGTHS = [0, 1, 5, 127, 128, 300, 5000, 65_000, 65_525, 65_535, 70_000];

interface Answer {
  readonly output: string;
  readonly error: string;
  readonly others: string[];
}

/** All that comes of `wire` when it is fed in pieces, each overwritten behind the decoder. */
function answerOf(wire: Buffer, random: Random, pieceBytesMax: number): Answer {
  const seen = { output: "", error: "", others: [] as string[] };
  const decoder = new FastCgiAnswerDecoder(ID, {
    onOutput: (bytes) => (seen.output += Buffer.from(bytes).toString("latin1")),
    onError: (bytes) => (seen.error += Buffer.from(bytes).toString("latin1")),
    onEnd: ({ appStatus, protocolStatus }) => seen.others.push(`${appStatus} ${protocolStatus}`),
    onValues: (values) => seen.others.push(JSON.stringify([...values])),
    onUnknownType: (type) => seen.others.push(`unknown ${type}`),
  });
  let failure = null;
  for (const piece of piecesOf(wire, random, pieceBytesMax)) failure ??= decoder.feed(piece);
  const { reusable } = decoder;
  failure ??= decoder.end();
  seen.others.push(failure?.code ?? (reusable ? "reusable" : "closed"));
  return seen;
}

/** Records of an answer with what they say, an end behind them. */
function madeAnswer(random: Random): { wire: Buffer; output: string; error: string } {
  const records: Uint8Array[] = [];
  let output = "";
  let error = "";
  for (let count = random.below(8); count > 0; count -= 1) {
    const text = random.pick([
      "",
      "a",
      "\0",
      "\x01\x03\0\x01\0\x08\0\0",
      "text\r\n",
      "x".repeat(300),
    ]);
    const padding = random.pick([0, 0, 1, 7, 255]);
    if (text === "" || random.below(5) === 0) {
      records.push(random.pick([encodeUnknownType(9), encodeRecord(77, 0, Buffer.from(text))]));
    } else if (random.below(3) === 0) {
      error += text;
      records.push(encodeRecord(stderr, ID, Buffer.from(text), padding));
    } else {
      output += text;
      records.push(encodeRecord(stdout, ID, Buffer.from(text), padding));
    }
  }
  if (random.below(2) === 0) records.push(encodeStreamEnd(stdout, ID));
  records.push(encodeEndRequest(ID, random.below(256), random.below(4)));
  return { wire: Buffer.concat(records), output, error };
}

test(`made answers come back whole (seed ${SEED})`, () => {
  for (let number = 0; number < COUNT / 10; number += 1) {
    const random = new Random(SEED * 1_000_003 + number);
    const { wire, output, error } = madeAnswer(random);
    for (const bytesMax of [1, 7, 60, 100_000]) {
      const answer = answerOf(wire, random, bytesMax);
      const what = `seed ${SEED}, number ${number}, ${JSON.stringify(wire.toString("latin1"))}`;
      assert.deepEqual([answer.output, answer.error], [output, error], what);
      assert.equal(answer.others.at(-1), "reusable", what);
    }
  }
});

test(`${COUNT} mutants of answers are read alike however they are cut (seed ${SEED})`, () => {
  const start = new Random(SEED);
  const seeds = Array.from({ length: 20 }, () => madeAnswer(start).wire);
  seeds.push(Buffer.concat([encodeGetValuesResult([["A", "1"]]), encodeEndRequest(ID, 0, 0)]));
  const endings = new Set<string>();
  for (let number = 0; number < COUNT; number += 1) {
    const random = new Random(SEED * 1_000_003 + number);
    const wire = mutated(seeds, random);
    const whole = answerOf(wire, random, 1_000_000);
    const what = `seed ${SEED}, number ${number}, ${JSON.stringify(wire.toString("latin1"))}`;
    assert.deepEqual(answerOf(wire, random, 1 + random.below(80)), whole, what);
    endings.add(whole.others.at(-1)!);
  }
  // Else the mutants are all of one kind, and show nothing.
  assert.ok(endings.has("reusable") && endings.size >= 5, [...endings].join());
});

type Asked = { params: unknown; input: string; others: string[] };

function askedOf(wire: Buffer, random: Random, pieceBytesMax: number): Asked {
  const seen: Asked = { params: null, input: "", others: [] };
  const note = (what: string) => (id: unknown) => seen.others.push(`${what} ${JSON.stringify(id)}`);
  const sink = {
    onBegin: note("begin"),
    onParams: (_id: number, params: unknown) => (seen.params = params),
    onInput: (_id: number, bytes: Uint8Array) =>
      (seen.input += Buffer.from(bytes).toString("latin1")),
    onInputEnd(id: number) {
      note("inputEnd")(id);
      decoder.close(id);
    },
    onAbort: note("abort"),
    onTooMany: note("tooMany"),
    onGetValues: note("values"),
    onUnknownType: note("unknown"),
  };
  const decoder = new FastCgiRequestDecoder(sink);
  let failure = null;
  for (const piece of piecesOf(wire, random, pieceBytesMax)) failure ??= decoder.feed(piece);
  seen.others.push((failure ?? decoder.end())?.code ?? "closed");
  return seen;
}

function madeRequest(random: Random, lengths: readonly number[]) {
  const pairs = Array.from({ length: random.below(6) }, (_, at) => {
    const value = random.pick(["v", "\0", "\xff", "\x80"]).repeat(random.pick(lengths));
    return [`N${at}`.repeat(random.pick([1, 1, 70])), value] as const;
  });
  const input = random.pick(["", "body", "\0\xff"]).repeat(random.pick(lengths));
  const encoder = new FastCgiRequestEncoder();
  encoder.begin({ requestId: ID, role: 1, keepConnection: true });
  for (const [name, value] of pairs) {
    const ascii = !/[^\0-\x7f]/u.test(value);
    const way = random.below(ascii ? 3 : 1);
    if (way === 0) encoder.latin1(name, value);
    else if (way === 1) encoder.text(name, value);
    else encoder.bytes(encodePairs([[name, value]]));
  }
  encoder.endParams();
  encoder.input(Buffer.from(input, "latin1"));
  encoder.endInput();
  return { wire: Buffer.from(encoder.take()), pairs, input };
}

test(`made requests come back whole (seed ${SEED})`, () => {
  for (let number = 0; number < COUNT / 100; number += 1) {
    const random = new Random(SEED * 1_000_003 + number);
    const { wire, pairs, input } = madeRequest(random, LENGTHS);
    for (const bytesMax of [60, 5000, 10_000_000]) {
      const asked = askedOf(wire, random, bytesMax);
      const what = `seed ${SEED}, number ${number}`;
      assert.deepEqual(asked.params, pairs, what);
      assert.equal(asked.input, input, what);
      assert.equal(asked.others.at(-1), "closed", what);
    }
  }
});

test(`${COUNT} mutants of requests are read alike however they are cut (seed ${SEED})`, () => {
  const start = new Random(SEED);
  const seeds = Array.from({ length: 20 }, () => madeRequest(start, [0, 1, 5, 130]).wire);
  seeds.push(Buffer.concat([encodeGetValues(["A", "B"]), seeds[0]!, encodeAbort(ID)]));
  const endings = new Set<string>();
  for (let number = 0; number < COUNT; number += 1) {
    const random = new Random(SEED * 1_000_003 + number);
    const wire = mutated(seeds, random);
    const whole = askedOf(wire, random, 1_000_000);
    const what = `seed ${SEED}, number ${number}, ${JSON.stringify(wire.toString("latin1"))}`;
    assert.deepEqual(askedOf(wire, random, 1 + random.below(80)), whole, what);
    endings.add(whole.others.at(-1)!);
  }
  assert.ok(endings.has("closed") && endings.size >= 5, [...endings].join());
});

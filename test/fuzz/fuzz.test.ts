// The real program against requests that went wrong, thousands of them, many at once. It must
// answer from its table or close, never break, stall, complain, or keep a connection.
//
// FUZZ_SEED=7 chooses other mutations, FUZZ_COUNT=500000 more of them. Each is made of the seed and
// its number alone; a failure prints both, and the bytes.
import assert from "node:assert/strict";
import { readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startPortico, type RunningProgram } from "../../src/testing/program.ts";
import { RawConnection } from "../../src/testing/raw-connection.ts";
import { withTemporaryFolder } from "../../src/testing/temporary-folder.ts";
import { makeRoot } from "../corpus/root.ts";
import { CorpusRunner, readCases, type Case } from "../corpus/run.ts";
import { problemIn } from "./judge.ts";
import { mutated } from "./mutate.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const COUNT = Number(process.env["FUZZ_COUNT"] ?? 20_000);
const PARALLEL = 32;
const GOOD_REQUEST = Buffer.from("GET /hello.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
const STALL_MS = 20_000;
const REPEATS_MAX = 300;
const NOTHING = Buffer.alloc(0);
// Beyond what the server keeps in memory, yet quickly sent.
const BIG_BYTES = 200_000;

/** An access log's combined line: whatever was asked for, it stays one line of one shape. */
const VALUE = String.raw`"(?:[^"\\]|\\[\\"x])*"`;
const LOG_LINE = new RegExp(
  String.raw`^127\.0\.0\.1 - - \[[^\]]+\] ${VALUE} \d{3} (?:\d+|-) ${VALUE} ${VALUE}$`,
);

test(`${COUNT} mutants of the corpus (seed ${SEED}) do no harm`, () =>
  withTemporaryFolder(async (folder) => {
    const root = join(folder, "root");
    const log = join(folder, "access.log");
    await makeRoot(root);
    await truncate(join(root, "big.bin"), BIG_BYTES);
    const program = await startPortico({
      args: ["serve", root, "-l", "0", "--list", "--access-log", log],
    });
    const socketsBefore = await socketsOf(program);
    const failures = await sendMutants(program);
    assert.deepEqual(failures, []);
    await untilSockets(program, socketsBefore);
    assert.equal(await program.stop(), 0);
    assert.deepEqual(program.complaints(), []);
    const lines = (await readFile(log, "latin1")).trimEnd().split("\n");
    assert.deepEqual(lines.filter((line) => !LOG_LINE.test(line)).slice(0, 3), []);
  }));

/** What went wrong, with all that is needed to see it again; stops at the first few. */
async function sendMutants(program: RunningProgram): Promise<string[]> {
  const seeds = await seedsFor(program.port);
  const failures: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < COUNT && failures.length < 3) {
      const number = next++;
      const random = new Random(SEED * 1_000_003 + number);
      const mutant = mutated(seeds, random);
      // Alone, behind a request that is fine, or before another mutant.
      const rest = [NOTHING, GOOD_REQUEST, mutated(seeds, random)][random.below(3)]!;
      const pieces = rest === GOOD_REQUEST ? [rest, mutant] : [mutant, rest];
      const problem = await problemWith(program.port, pieces);
      if (problem !== null) failures.push(`${problem}: ${reproduction(number, pieces)}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return failures;
}

async function problemWith(port: number, pieces: readonly Buffer[]): Promise<string | null> {
  const connection = await RawConnection.open(port);
  try {
    // One by one: an answer to the first may come while the second is on its way.
    for (const piece of pieces) await connection.send(piece, STALL_MS);
    connection.finish();
    return problemIn(await connection.untilEnd(STALL_MS));
  } catch (error) {
    return (error as Error).message;
  } finally {
    connection.close();
  }
}

function reproduction(number: number, pieces: readonly Buffer[]): string {
  const bytes = JSON.stringify(Buffer.concat(pieces).toString("latin1"));
  return `seed ${SEED}, number ${number}, bytes (latin1) ${bytes}`;
}

/** What each case sends, as one piece, without its pauses. */
async function seedsFor(port: number): Promise<Buffer[]> {
  const runner = new CorpusRunner(port);
  const cases = readCases(new URL("../corpus/http1.jsonl", import.meta.url));
  const texts = cases.map(textOf).filter((text) => text !== "");
  return Promise.all(texts.map(async (text) => Buffer.from(await runner.fillIn(text), "latin1")));
}

function textOf({ send }: Case): string {
  return [send]
    .flat()
    .map((part) => {
      if (typeof part === "string") return part;
      return "repeat" in part ? part.repeat.repeat(Math.min(part.times, REPEATS_MAX)) : "";
    })
    .join("");
}

async function socketsOf(program: RunningProgram): Promise<number> {
  const all = await program.descriptors();
  return all.filter((target) => target.startsWith("socket:")).length;
}

/** The last connections may take a moment to go. */
async function untilSockets(program: RunningProgram, count: number): Promise<void> {
  const endMs = performance.now() + STALL_MS;
  while ((await socketsOf(program)) > count && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(await socketsOf(program), count);
}

// Rounds of storing and killing in one folder: each goes on with what the last one left.
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StoreBench } from "../../src/testing/index.ts";
import { Store } from "../../src/storage/index.ts";
import { Random } from "../fuzz/random.ts";
import { KnownFiles, type Files } from "./known-files.ts";
import { anyOp, sha256Of } from "./op.ts";
import type { StartVictim, Victim } from "./victim.ts";

/** How many write at once, each in a folder of its own. */
const LANES = 4;
const ACKS_MAX = 25;
const LATER_MS_MAX = 12;

export interface Tally {
  rounds: number;
  acknowledged: number;
  cutOff: number;
}

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  /** See `anyOp`. */
  readonly inOne?: boolean;
  readonly onRound?: (tally: Tally) => void;
}

export async function crashRounds(
  folder: string,
  start: StartVictim,
  { rounds, seed, inOne = false, onRound }: CrashOptions,
): Promise<Tally> {
  const random = new Random(seed);
  const lanes = Array.from({ length: LANES }, (_, n) => ({
    name: `${n}`,
    known: new KnownFiles(),
  }));
  const tally: Tally = { rounds: 0, acknowledged: 0, cutOff: 0 };
  while (tally.rounds < rounds) {
    const victim = await start(folder);
    const death = killAfter(victim, random, tally);
    await Promise.all(
      lanes.map(({ name, known }) => write({ victim, random, inOne, tally, death }, name, known)),
    );
    await death.done;
    await assertSwept(folder);
    for (const { name, known } of lanes) known.settle(await filesIn(folder, name));
    tally.rounds += 1;
    onRound?.(tally);
  }
  return tally;
}

interface Death {
  onAck(): void;
  readonly done: Promise<void>;
}

/** Kills `victim` some time behind one of its acknowledgements. */
function killAfter(victim: Victim, random: Random, tally: Tally): Death {
  const last = tally.acknowledged + random.below(ACKS_MAX);
  const laterMs = random.below(LATER_MS_MAX);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isDying = false;
  const onAck = (): void => {
    if (isDying || tally.acknowledged < last) return;
    isDying = true;
    void wait(laterMs)
      .then(() => victim.kill())
      .then(resolve, reject);
  };
  onAck();
  return { onAck, done: promise };
}

interface Round {
  readonly victim: Victim;
  readonly random: Random;
  readonly inOne: boolean;
  readonly tally: Tally;
  readonly death: Death;
}

async function write(
  { victim, random, inOne, tally, death }: Round,
  lane: string,
  known: KnownFiles,
): Promise<void> {
  for (;;) {
    const op = anyOp(random, lane, inOne);
    known.begin(op);
    const ack = await victim.act(op);
    if (ack === null) {
      tally.cutOff += 1;
      return;
    }
    known.acknowledged(ack);
    tally.acknowledged += 1;
    death.onAck();
  }
}

/** The next start sees to what was left: no draft stays, and no journal. */
async function assertSwept(folder: string): Promise<void> {
  const bench = new StoreBench(folder, {});
  const store = await Store.open(bench.options);
  await store.close();
  assert.deepEqual(bench.log.errors, []);
  assert.deepEqual(await bench.left(), []);
}

async function filesIn(folder: string, lane: string): Promise<Files> {
  const names = await readdir(join(folder, lane), { recursive: true }).catch(() => []);
  const files = new Map<string, string>();
  for (const name of names) {
    const path = join(folder, lane, name);
    if (!(await stat(path)).isFile()) continue;
    files.set(`${lane}/${name}`, sha256Of(await readFile(path)));
  }
  return files;
}

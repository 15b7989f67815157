import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isAlive,
  openDescriptors,
  turns,
  ProgramBench,
  until,
  withTemporaryFolder,
  zombies,
} from "../../testing/index.ts";
import type { ProgramsInit, ProgramsOrder } from "../../testing/programs-worker.ts";
import { WorkerPool } from "../workers/index.ts";
import { libc, O_CLOEXEC, programWays } from "./libc.ts";
import {
  closeAt,
  COMPLAINTS,
  endPrograms,
  OUTPUT,
  PID,
  programsMemory,
  programsOf,
  ProgramTable,
  type ProgramRow,
} from "./program-table.ts";
import { Programs } from "./programs.ts";

const ENTRY = new URL("../../testing/programs-worker.ts", import.meta.url);
const HOLDS_ON = "trap '' TERM HUP; echo up; while :; do sleep 1000; done";

interface Pool {
  readonly memory: ProgramRow;
  readonly bench: ProgramBench;
  ask(order: ProgramsOrder): Promise<unknown>;
  died(): boolean;
}

/** One worker that runs programs, and is found stuck after a second. */
async function withWorker(way: string, body: (pool: Pool) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const memory = programsMemory(1);
    const init = { memory, folder, native: way === "native" };
    let deaths = 0;
    const pool = new WorkerPool<ProgramsInit>({
      entry: ENTRY,
      count: 1,
      stuckMs: 1000,
      init: () => init,
      prepare: async () => undefined,
      onSpawn: () => undefined,
      onNote: () => undefined,
      onEnd: () => undefined,
      onDeath: () => void (deaths += 1),
    });
    await pool.start();
    try {
      const ask = (order: ProgramsOrder): Promise<unknown> => pool.workers[0]!.ask(order);
      const died = (): boolean => deaths === 1 && pool.workers.length === 1;
      await body({ memory, bench: new ProgramBench(folder), ask, died });
    } finally {
      await pool.terminate();
      await endPrograms(memory, AbortSignal.abort());
    }
  });
}

for (const way of ["native", "plain"]) {
  test(`${way}: of a worker that is ended in an endless loop nothing is left`, () =>
    withWorker(way, async ({ memory, bench, ask, died }) => {
      const script = await bench.script(HOLDS_ON);
      const warm = (await ask({ kind: "start", script, takes: true })) as number;
      process.kill(-warm, "SIGKILL");
      await until(() => memory.every((place) => place === 0));
      const before = openDescriptors();
      const pids: number[] = [];
      for (const takes of [true, false, true]) {
        pids.push((await ask({ kind: "start", script, takes })) as number);
      }
      assert.ok(openDescriptors() > before);
      ask({ kind: "spin" }).catch(() => undefined);
      await until(died);
      assert.deepEqual(pids.map(isAlive), [true, true, true], "they outlive their thread");
      await endPrograms(memory, AbortSignal.abort());
      assert.deepEqual(pids.map(isAlive), [false, false, false]);
      assert.ok(memory.every((place) => place === 0));
      await until(() => openDescriptors() <= before);
      // The plain way can't be told of children that it did not start itself.
      if (way === "native") assert.deepEqual(zombies(), []);
      // Its successor has the same rows.
      const next = (await ask({ kind: "start", script, takes: true })) as number;
      assert.ok(isAlive(next));
      assert.ok(memory.includes(next));
    }));
}

test("a program that is asked to end may do so by itself; another is killed", async () => {
  await withTemporaryFolder(async (folder) => {
    const memory = programsMemory(2);
    const bench = new ProgramBench(folder, new Programs(memory, 1));
    const file = `${folder}/said`;
    const polite = await bench.start(
      await bench.script(`trap 'echo bye >${file}; exit' TERM; echo up; read x </dev/zero & wait`),
    );
    const deaf = await bench.start(await bench.script(HOLDS_ON));
    for (const notes of [polite, deaf]) await notes.until(({ output }) => output === "up\n");
    await endPrograms(programsOf(memory, 0), new AbortController().signal);
    assert.ok(
      [polite, deaf].every(({ program }) => isAlive(program.pid)),
      "another's stay",
    );
    await endPrograms(memory, new AbortController().signal);
    assert.ok(![polite, deaf].some(({ program }) => isAlive(program.pid)));
    const said = await bench.start("/bin/cat", { args: [file] });
    await said.end();
    assert.equal(said.output, "bye\n");
    await polite.end();
    await deaf.end();
  });
});

test("what was asked to end is killed once there is no time any more", async () => {
  await withTemporaryFolder(async (folder) => {
    const memory = programsMemory(1);
    const bench = new ProgramBench(folder, new Programs(memory, 0));
    const deaf = await bench.start(await bench.script(HOLDS_ON));
    await deaf.until(({ output }) => output === "up\n");
    const hurry = new AbortController();
    let isOver = false;
    const ended = endPrograms(memory, hurry.signal).then(() => (isOver = true));
    await turns(2);
    assert.ok(isAlive(deaf.program.pid) && !isOver);
    hurry.abort();
    await ended;
    assert.ok(!isAlive(deaf.program.pid));
    await deaf.end();
  });
});

test("what was begun and never run leaves no pipe", async () => {
  const memory = programsMemory(1);
  const before = openDescriptors();
  const row = new ProgramTable(memory, 0).take()!;
  for (const place of [OUTPUT, COMPLAINTS]) libc()!.pipe2(row.subarray(place), O_CLOEXEC);
  assert.equal(openDescriptors(), before + 4);
  await endPrograms(memory, AbortSignal.abort());
  assert.equal(openDescriptors(), before);
});

test("a descriptor is closed once, as its number may be another's", () => {
  const memory = programsMemory(1);
  const row = new ProgramTable(memory, 0).take()!;
  libc()!.pipe2(row.subarray(OUTPUT), O_CLOEXEC);
  closeAt(row, OUTPUT);
  libc()!.pipe2(row.subarray(COMPLAINTS), O_CLOEXEC); // has the number
  const open = openDescriptors();
  closeAt(row, OUTPUT);
  assert.equal(openDescriptors(), open);
  closeAt(row, OUTPUT + 1);
  for (const place of [COMPLAINTS, COMPLAINTS + 1]) closeAt(row, place);
});

test("a worker has its own rows, a bounded number, and gives them back empty", () => {
  const memory = programsMemory(2);
  const table = new ProgramTable(memory, 1);
  const rows: ProgramRow[] = [];
  for (let row = table.take(); row !== null; row = table.take()) rows.push(row);
  assert.equal(rows.length, 1024);
  for (const row of rows) row[PID] = 1;
  assert.ok(programsOf(memory, 0).every((place) => place === 0));
  for (const row of rows) table.free(row);
  assert.ok(memory.every((place) => place === 0));
  assert.ok(table.take() !== null);
});

test("a program that has no row to stand in is not started", () =>
  withTemporaryFolder(async (folder) => {
    const bench = new ProgramBench(
      folder,
      new Programs(new Int32Array(new SharedArrayBuffer(0)), 0),
    );
    assert.deepEqual({ ...(await bench.tryStart("/bin/true")) }, { code: "EAGAIN" });
    assert.equal(programWays.native, true);
  }));

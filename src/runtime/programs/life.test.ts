// Programs that do what they should not.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { forBothWays, isAlive, openDescriptors, until, zombies } from "../../testing/index.ts";

forBothWays("one that dies by a signal tells which", async (bench) => {
  const notes = await bench.start(await bench.script("echo a; kill -SEGV $$"));
  assert.deepEqual(await notes.end(), { status: null, signal: "SIGSEGV" });
  assert.equal(notes.output, "a\n");
});

forBothWays("one that writes for ever is held while nobody takes it", async (bench) => {
  // A line at a time, counted: it stands still once the pipe is full.
  const script = 'i=0; while :; do i=$((i+1)); echo "$i" >&3; echo 0123456789abcde; done';
  const count = `${bench.folder}/count`;
  const notes = await bench.start(await bench.script(`exec 3>${count}\n${script}`));
  notes.takes = () => false;
  await notes.until(({ outputBytes }) => outputBytes > 0);
  const stands = await standstill(count);
  const seen = notes.outputBytes;
  await delay(250); // two looks, which must not take that for an end
  assert.equal(notes.outputBytes, seen);
  assert.equal(notes.outputEnds, 0);
  notes.takes = () => notes.outputBytes < seen + 300_000;
  notes.program.resume();
  await notes.until(({ outputBytes }) => outputBytes >= seen + 300_000);
  assert.ok((await standstill(count)) > stands);
  notes.program.end();
  assert.deepEqual(await notes.end(), { status: null, signal: "SIGTERM" });
  assert.equal(notes.outputEnds, 0, "an output that was left has no end");
});

forBothWays("one that ignores SIGTERM is killed", async (bench) => {
  const notes = await bench.start(
    await bench.script("trap '' TERM; echo up; while :; do sleep 9; done"),
  );
  await notes.until(({ output }) => output === "up\n");
  notes.program.end();
  notes.program.end();
  assert.deepEqual(await notes.end(), { status: null, signal: "SIGKILL" });
});

forBothWays("one that closes its output and goes on is not over", async (bench) => {
  const notes = await bench.start(await bench.script("echo a; exec >&- 2>&-; read x </dev/zero"));
  await notes.until(({ outputEnds }) => outputEnds === 1);
  await delay(150);
  assert.deepEqual(notes.ends, []);
  assert.ok(isAlive(notes.program.pid));
  notes.program.end();
  assert.deepEqual(await notes.end(), { status: null, signal: "SIGTERM" });
});

forBothWays("a child that stays and holds the output holds no answer", async (bench) => {
  const notes = await bench.start(await bench.script('sleep 1000 & echo "$!"'));
  await notes.until(({ outputEnds }) => outputEnds === 1);
  const child = Number(notes.output);
  assert.deepEqual(await notes.end(), { status: 0, signal: null });
  assert.equal(isAlive(child), false);
});

forBothWays("a child that stays without the output is ended, too", async (bench) => {
  const notes = await bench.start(await bench.script('sleep 1000 >&- 2>&- & echo "$!"'));
  await notes.end();
  assert.equal(isAlive(Number(notes.output)), false);
});

forBothWays("a child that stays and ignores SIGTERM is killed", async (bench) => {
  const child = "(trap '' TERM; echo up >&2; while :; do sleep 9; done) & echo $!";
  const notes = await bench.start(await bench.script(`${child}; sleep 0.2`));
  await notes.end();
  assert.deepEqual(notes.complaints, ["up"]);
  assert.equal(isAlive(Number(notes.output)), false);
});

forBothWays("a child that writes for ever behind its leader is cut off", async (bench) => {
  const notes = await bench.start(await bench.script("yes & echo a; sleep 0.1"));
  assert.deepEqual(await notes.end(), { status: 0, signal: null });
  assert.equal(notes.outputEnds, 1);
});

forBothWays(
  "what a leader wrote before its end is read to the end, however late",
  async (bench) => {
    const notes = await bench.start(
      await bench.script("sleep 1000 & head -c 50000 /dev/zero; exit 3"),
    );
    notes.takes = () => false;
    await notes.until(({ outputBytes }) => outputBytes > 0);
    await until(() => !isAlive(notes.program.pid));
    await delay(350);
    assert.deepEqual([notes.outputEnds, notes.ends.length], [0, 0]);
    notes.takes = () => true;
    notes.program.resume();
    assert.deepEqual(await notes.end(), { status: 3, signal: null });
    assert.equal(notes.outputBytes, 50_000);
  },
);

forBothWays("one whose output is left goes on without it", async (bench) => {
  const file = `${bench.folder}/done`;
  const script = `trap '' PIPE; echo a; read x; echo b 2>/dev/null; echo done >${file}`;
  const notes = await bench.start(await bench.script(script));
  notes.program.leaveOutput();
  assert.deepEqual(await notes.end(), { status: 0, signal: null });
  assert.deepEqual([notes.output, notes.outputEnds], ["", 0]);
  assert.equal(await readFile(file, "latin1"), "done\n");
});

forBothWays("one that floods standard error is read, cut and let go on", async (bench) => {
  const notes = await bench.start(
    await bench.script(
      "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo end >&2; echo a",
    ),
  );
  assert.deepEqual(await notes.end(), { status: 0, signal: null });
  assert.equal(notes.output, "a\n");
  assert.deepEqual(notes.complaints, ["x".repeat(4096), "end"]);
});

forBothWays("one that only complains and runs on is heard while it runs", async (bench) => {
  const notes = await bench.start(await bench.script("echo one >&2; exec sleep 1000"));
  await notes.until(({ complaints }) => complaints.length > 0);
  assert.deepEqual(notes.complaints, ["one"]);
  notes.program.end();
  await notes.end();
});

forBothWays("one that is ended from what it is told of is ended once", async (bench) => {
  const notes = await bench.start(await bench.script("yes"));
  notes.takes = () => {
    notes.program.end();
    notes.program.resume();
    return true;
  };
  assert.deepEqual(await notes.end(), { status: null, signal: "SIGTERM" });
  await delay(150);
  assert.deepEqual([notes.ends.length, notes.outputEnds], [1, 0]);
});

forBothWays("two hundred in a row leave no zombie and no descriptor", async (bench) => {
  const file = await bench.script("cat; echo oh >&2");
  const before = openDescriptors();
  for (let times = 0; times < 200; times += 1) {
    const notes = await bench.start(file, { input: Buffer.from(String(times)) });
    await notes.end();
    assert.equal(notes.output, String(times));
    assert.deepEqual(notes.complaints, ["oh"]);
  }
  assert.deepEqual(zombies(), []);
  await until(() => openDescriptors() <= before);
});

forBothWays("forty at once are told apart", async (bench) => {
  const file = await bench.script('echo "$1"; echo "$1" >&2; exit "$1"');
  const all = await Promise.all(
    Array.from({ length: 40 }, (_, at) => bench.start(file, { args: [String(at)] })),
  );
  for (const [at, notes] of all.entries()) {
    assert.deepEqual(await notes.end(), { status: at, signal: null });
    assert.deepEqual([notes.output, ...notes.complaints], [`${at}\n`, String(at)]);
  }
});

/** What stands in `file` once it does not grow any more. */
async function standstill(file: string): Promise<number> {
  for (let last = -1; ;) {
    const text = (await readFile(file, "latin1")).trim();
    const now = Number(text.slice(text.lastIndexOf("\n") + 1));
    if (now === last) return now;
    last = now;
    await delay(100);
  }
}

// Processes that do what a decoder does that was taken over, or broken.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { Failure } from "../../../base/failure.ts";
import { clientWithoutWorkers } from "../../../runtime/index.ts";
import { withTemporaryFolder } from "../../../testing/index.ts";
import { Pictures, type PicturesParts } from "./pictures.ts";

const READY = 'console.log(\'{"kind":"ready"}\');';
const SIZE = '{"kind":"size","width":3,"height":2,"type":"image/png"}';
/** Answers every question with `text`. */
const answering = (text: string): string =>
  `${READY} process.stdin.on("data", () => process.stdout.write(${JSON.stringify(text)}));`;

/** Pictures whose decoders run `script`, what is logged, and the ids of those that run. */
async function withDecoder(
  script: string,
  use: (pictures: Pictures, lines: string[], children: () => string[]) => Promise<void>,
  parts: Partial<PicturesParts> = {},
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "decoder.mjs");
    await writeFile(file, script);
    const lines: string[] = [];
    const nothing = (): void => {};
    const note = (line: string): void => void lines.push(line);
    const log = { debug: nothing, info: nothing, warn: note, error: note };
    const coordinator = clientWithoutWorkers();
    const entry = pathToFileURL(file);
    const pictures = new Pictures(1000, { coordinator, log, entry, ...parts });
    await use(pictures, lines, () => childrenWith(file));
  });
}

/** The ids of processes that were given `word` as an argument. */
function childrenWith(word: string): string[] {
  const children = readFileSync("/proc/thread-self/children", "latin1").trim().split(" ");
  const all = new Set(children.filter(Boolean));
  return [...all].filter((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, "latin1").split("\0").includes(word);
  });
}

function codeOf(outcome: unknown): string {
  return outcome instanceof Failure ? outcome.code : "answered";
}

test("a decoder that answers is kept for the next, and ended when nobody asks", async () => {
  await withDecoder(
    answering(`${SIZE}\n`),
    async (pictures, lines, children) => {
      const size = { width: 3, height: 2, type: "image/png" };
      assert.deepEqual(await pictures.look("/a"), size);
      const [first] = children();
      assert.ok(first !== undefined);
      assert.deepEqual(await pictures.look("/a"), size);
      assert.deepEqual(children(), [first]);
      while (children().length > 0) await sleep(5);
      assert.deepEqual(await pictures.look("/a"), size);
      assert.deepEqual(lines, []);
    },
    { idleMs: 300 },
  );
});

test("no more than two decode at once; of those one is kept", async () => {
  const answer = `console.log('${SIZE}')`;
  const slow = `${READY} process.stdin.on("data", () => setTimeout(() => ${answer}, 50));`;
  await withDecoder(slow, async (pictures, _, children) => {
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, children().length)), 1);
    const looks = await Promise.all(Array.from({ length: 6 }, () => pictures.look("/a")));
    clearInterval(watch);
    assert.ok(looks.every((look) => !(look instanceof Failure)));
    assert.ok(most <= 3, `${most}`); // one of them is ending
    while (children().length > 1) await sleep(5);
  });
});

for (const [name, script] of [
  ["dies", `${READY} process.stdin.on("data", () => process.abort());`],
  ["is killed", `${READY} process.stdin.on("data", () => process.kill(process.pid, "SIGKILL"));`],
  ["ends", `${READY} process.stdin.on("data", () => process.exit(0));`],
  ["hangs", `${READY} process.stdin.on("data", () => { for (;;); });`],
  ["says nothing", `${READY} process.stdin.resume();`],
  ["says nothing that is JSON", answering("hello\n")],
  ["says null", answering("null\n")],
  ["says what nobody knows", answering('{"kind":"secret"}\n')],
  ["says it is ready again", answering('{"kind":"ready"}\n')],
  ["never ends a line", answering("x".repeat(100_000))],
  ["answers twice", answering(`${SIZE}\n${SIZE}\n{`)],
  ["answers a look with bytes", answering('{"kind":"bytes","length":1}\nx')],
  ["has no size", answering('{"kind":"size","width":-1,"height":2,"type":"image/png"}\n')],
  ["has no type", answering('{"kind":"size","width":1,"height":2,"type":"a\\r\\nb"}\n')],
  ["sends less than it said", answering('{"kind":"bytes","length":10}\nx')],
  ["sends more than it may", answering('{"kind":"bytes","length":99999999999}\nx')],
] as const) {
  test(`a decoder that ${name} costs one picture, and nobody else waits`, async () => {
    await withDecoder(
      script,
      async (pictures, _, children) => {
        const asked = pictures.look("/a");
        let turns = 0;
        while (turns < 100) {
          await setImmediate();
          turns += 1;
        }
        const outcome = codeOf(await asked);
        assert.ok(outcome === "pictureUnreadable" || name === "answers twice", outcome);
        if (name !== "answers a look with bytes") while (children().length > 0) await sleep(5);
      },
      { answerMs: 1000 },
    );
  });
}

test("a decoder that sends more than it said is ended", async () => {
  await withDecoder(answering('{"kind":"bytes","length":1}\nxyz'), async (pictures, lines) => {
    assert.equal(codeOf(await pictures.thumbnail("/a", 1)), "pictureUnreadable");
    assert.deepEqual(lines, ["a picture was too much for its decoder: it babbles"]);
  });
});

test("a decoder that wants all memory gets little of it", async () => {
  const greedy = `${READY} process.stdin.on("data", () => {
    for (const kept = []; ; ) kept.push(Buffer.alloc(32 * 1024 * 1024, 1));
  });`;
  await withDecoder(greedy, async (pictures) => {
    assert.equal(codeOf(await pictures.look("/a")), "pictureUnreadable");
  });
});

test("a decoder has no environment of ours, and can write no file", async () => {
  process.env["PORTICO_SECRET"] = "x";
  const script = `import { writeFileSync } from "node:fs"; ${READY}
    process.on("SIGXFSZ", () => {});
    let wrote = true;
    try { writeFileSync("/tmp/portico-decoder-wrote", "x"); } catch { wrote = false; }
    const detail = Object.keys(process.env).sort().join() + " " + wrote;
    process.stdin.on("data", () =>
      console.log(JSON.stringify({ kind: "refused", code: "pictureUnreadable", detail })));`;
  await withDecoder(script, async (pictures) => {
    const outcome = await pictures.look("/a");
    assert.ok(outcome instanceof Failure);
    const [names, wrote] = outcome.detail.split(" ");
    const left = names!
      .split(",")
      .filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name));
    assert.deepEqual(left, ["MALLOC_ARENA_MAX", "UV_THREADPOOL_SIZE", "VIPS_DISC_THRESHOLD"]);
    assert.equal(wrote, "false");
  });
  delete process.env["PORTICO_SECRET"];
});

for (const script of ["throw new Error('no sharp')", "import 'no-such-package'"]) {
  test(`${script}: pictures are told to come later, and the log says why`, async () => {
    await withDecoder(script, async (pictures, lines) => {
      assert.equal(codeOf(await pictures.look("/a")), "picturesBusy");
      assert.match(lines.join("\n"), /^pictures can't be decoded: 1 .*/);
    });
  });
}

test("where too many wait, the rest is told to come later", async () => {
  await withDecoder(answering(`${SIZE}\n`), async (pictures) => {
    const looks = await Promise.all(Array.from({ length: 110 }, () => pictures.look("/a")));
    const codes = looks.map(codeOf);
    assert.equal(codes.filter((code) => code === "answered").length, 102);
    assert.equal(codes.filter((code) => code === "picturesBusy").length, 8);
  });
});

const MODULES = ["./pictures.ts", "../../../runtime/index.ts"].map((file) =>
  JSON.stringify(new URL(file, import.meta.url).href),
);

test("where no descriptor is left, pictures are told to come later", () => {
  const script = `
    import { openSync } from "node:fs";
    const [{ Pictures }, { clientWithoutWorkers }] = await Promise.all(
      [import(${MODULES[0]}), import(${MODULES[1]})]);
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const pictures = new Pictures(1000, { coordinator: clientWithoutWorkers(), log });
    try { for (;;) openSync("/dev/null"); } catch {}
    for (const _ of [1, 2, 3]) console.log((await pictures.look("/a")).code);`;
  const limited = ["-c", 'ulimit -n 64; exec "$@"', "sh", process.execPath];
  const options = { encoding: "utf8" } as const;
  const said = execFileSync("/bin/sh", [...limited, "--input-type=module", "-e", script], options);
  assert.equal(said, "picturesBusy\n".repeat(3));
});

test("a decoder ends when its worker's thread does", async () => {
  const worker = new Worker(
    `const [{ Pictures }, { clientWithoutWorkers }] = await Promise.all(
      [import(${MODULES[0]}), import(${MODULES[1]})]);
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const pictures = new Pictures(1000, { coordinator: clientWithoutWorkers(), log });
    await pictures.look("/none");
    const { readFileSync } = await import("node:fs");
    const { parentPort } = await import("node:worker_threads");
    parentPort.postMessage(readFileSync("/proc/thread-self/children", "latin1").trim());
    setInterval(() => {}, 1000);`,
    { eval: true },
  );
  const pid = await new Promise<string>((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
  });
  assert.match(pid, /^\d+$/);
  const runs = (): boolean => {
    const file = `/proc/${pid}/stat`;
    return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, "latin1"));
  };
  assert.ok(runs());
  await worker.terminate();
  while (runs()) await sleep(5);
});

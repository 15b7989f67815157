import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { moduleRoom, withTemporaryFolder } from "../testing/index.ts";
import { loadServerConfig } from "./check.ts";
import { LoadedConfig } from "./loaded-config.ts";
import { BUILT_IN } from "./registry.ts";
import { StartError } from "./start-error.ts";
import { Supervisor } from "./supervisor.ts";

const ROOM = fileURLToPath(new URL("../testing/module-room.ts", import.meta.url));
const NOTHING_OVER = { addresses: null, accessLog: null, workers: null };

/** A server of two workers whose one route is answered by app.ts. */
class CodeBench {
  readonly #folder: string;
  readonly supervisor: Supervisor;
  readonly #workers: number;
  #writes = 0;

  constructor(folder: string, timeouts: string, workers = 2) {
    this.#folder = folder;
    this.#workers = workers;
    this.supervisor = new Supervisor(this.#config(timeouts), NOTHING_OVER);
  }

  #config(timeouts: string): LoadedConfig {
    const toml = `
workers = ${this.#workers}
[[listen]]
address = "127.0.0.1:0"
[log]
access = "off"
level = "error"
[timeouts]
${timeouts}
[[site]]
[[site.route]]
path = "/*"
answerBy = { module = "${this.#folder}/app.ts" }
`;
    const registry = BUILT_IN.with([moduleRoom]);
    const loaded = loadServerConfig(toml, join(this.#folder, "portico.toml"), registry);
    if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join("; "));
    return new LoadedConfig(loaded, registry, [ROOM]);
  }

  /** As an editor saves, each time with a time of its own. */
  async write(name: string, text: string): Promise<void> {
    this.#writes += 1;
    await writeFile(join(this.#folder, name), text);
    await utimes(join(this.#folder, name), 1e9, 1e9 + this.#writes);
  }

  reload(timeouts = ""): ReturnType<Supervisor["reload"]> {
    return this.supervisor.reload(this.#config(timeouts));
  }

  /** What is answered, by any worker, to one request of a connection of its own. */
  async ask({ kept = false, query = "" } = {}): Promise<string> {
    const headers = kept ? {} : { connection: "close" };
    const answer = await fetch(`${this.supervisor.urls[0]!}/${query}`, { headers });
    return answer.text();
  }

  /** Of both workers, most likely: the kernel deals connections out. */
  async answers(): Promise<string[]> {
    const answers = await Promise.all(Array.from({ length: 24 }, () => this.ask()));
    return [...new Set(answers)].toSorted();
  }
}

const answering = (text: string): string => `export default () => ${JSON.stringify(text)};`;

function withCode(
  app: string,
  use: (bench: CodeBench, folder: string) => Promise<void>,
  timeouts = "",
): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "app.ts"), app);
    const bench = new CodeBench(folder, timeouts);
    try {
      await bench.supervisor.start();
      await use(bench, folder);
    } finally {
      await bench.supervisor.stopNow();
    }
  });
}

test("a reload brings changed code to every worker, and says which file it was", () =>
  withCode(answering("one"), async (bench) => {
    assert.deepEqual(await bench.answers(), ["one"]);
    await bench.write("deep.ts", answering("two"));
    await bench.write("app.ts", 'export { default } from "./deep.ts";');
    assert.deepEqual((await bench.reload()).changed, ["app.ts changed"]);
    assert.deepEqual(await bench.answers(), ["two"]);
    await bench.write("deep.ts", answering("three"));
    assert.deepEqual((await bench.reload()).changed, ["deep.ts changed"]);
    assert.deepEqual(await bench.answers(), ["three"]);
    assert.deepEqual((await bench.reload()).changed, []);
  }));

for (const [name, broken, words] of [
  ["a syntax error", "\nlet = ;", /app\.ts:2: SyntaxError/],
  ["code that throws", "\n\nthrow new Error('no');", /app\.ts:3: no$/],
  ["a missing import", 'import "./gone.ts";', /app\.ts:1: it imports "\.\/gone\.ts"/],
  ["code that never ends", "await new Promise(() => {});", /top level has not ended within 0\.3 s/],
  ["an endless loop", "for (;;);", /app\.ts: the worker that loaded it is gone: its loop has not/],
  ["the end of the process", "process.exit(0);", /app\.ts: the worker that loaded it is gone/],
] as const) {
  const timeouts = 'handler = "300ms"\nstuck = "1s"';

  test(`${name} at a reload is refused, and what was served goes on`, { timeout: 60_000 }, () =>
    withCode(
      answering("one"),
      async (bench) => {
        await bench.write("app.ts", broken);
        await assert.rejects(bench.reload(timeouts), words);
        assert.deepEqual(await bench.answers(), ["one"]);
        await bench.write("app.ts", answering("two"));
        await bench.reload(timeouts);
        assert.deepEqual(await bench.answers(), ["two"]);
      },
      timeouts,
    ),
  );

  test(`${name} at the start is told`, { timeout: 60_000 }, async () => {
    const started = withCode(broken, async () => undefined, timeouts);
    await assert.rejects(started, (error) => {
      return error instanceof StartError && words.test(error.message);
    });
  });
}

test("who replaces a worker serves the code that the others have, whatever lies there", () =>
  withCode(
    'export default ({ query }) => { if (query === "die") process.exit(); return "one"; };',
    async (bench, folder) => {
      await bench.write("app.ts", "for (;;);");
      for (let died = 0; died < 2; died += 1) {
        await assert.rejects(bench.ask({ query: "?die" }));
        await until(() => bench.supervisor.working.length === 2);
        assert.deepEqual(await bench.answers(), ["one"]);
        await rm(join(folder, "app.ts"), { force: true });
      }
    },
  ));

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 4000; tries += 1) {
    if (what()) return;
    await delay(5);
  }
  throw new Error("it never came");
}

test(
  "while code is reloaded under load, no request fails, and workers are relieved",
  { timeout: 120_000 },
  () =>
    withCode(answering("0"), async (bench) => {
      let reloads = 0;
      let asked = 0;
      let isOver = false;
      const client = async (kept: boolean): Promise<void> => {
        while (!isOver) {
          const before = reloads;
          // oxlint-disable-next-line no-await-in-loop -- one behind the other
          const answer = Number(await bench.ask({ kept }));
          assert.ok(answer >= before && answer <= reloads + 1, `${answer} at ${before}`);
          asked += 1;
        }
      };
      const clients = Promise.all([
        ...Array.from({ length: 4 }, () => client(true)),
        ...Array.from({ length: 2 }, () => client(false)),
      ]);
      const threads = bench.supervisor.working.map(({ threadId }) => threadId);
      while (reloads < 40) {
        await bench.write("app.ts", answering(String(reloads + 1)));
        await bench.reload();
        reloads += 1;
      }
      await until(() =>
        bench.supervisor.working.every(({ threadId }) => !threads.includes(threadId)),
      );
      isOver = true;
      await clients;
      assert.ok(asked > reloads, `${asked} requests`);
    }),
);

const DISPOSED = `import { existsSync, writeFileSync } from "node:fs";
const at = (name) => new URL(name, import.meta.url).pathname;
export default async ({ query }) => {
  if (query !== "wait") return "quick";
  writeFileSync(at("under-way"), "");
  while (!existsSync(at("go"))) await new Promise((resolve) => setTimeout(resolve, 5));
  return existsSync(at("disposed")) ? "too late" : "in time";
};
export const dispose = () => writeFileSync(at("disposed"), "", { flag: "a" });`;

test("what was replaced is disposed of when its last request has ended", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "app.ts"), DISPOSED);
    const bench = new CodeBench(folder, "", 1);
    try {
      await bench.supervisor.start();
      const waiting = bench.ask({ query: "?wait" });
      await until(() => existsSync(join(folder, "under-way")));
      await bench.write("app.ts", answering("new"));
      await bench.reload();
      assert.deepEqual(await bench.answers(), ["new"]);
      await writeFile(join(folder, "go"), "");
      assert.equal(await waiting, "in time");
      await until(() => existsSync(join(folder, "disposed")));
    } finally {
      await bench.supervisor.stopNow();
    }
  }));

test("what is served when the server stops is disposed of behind its last request", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "app.ts"), DISPOSED);
    const bench = new CodeBench(folder, "", 1);
    await bench.supervisor.start();
    const waiting = bench.ask({ query: "?wait" });
    await until(() => existsSync(join(folder, "under-way")));
    const stopped = bench.supervisor.stop();
    await writeFile(join(folder, "go"), "");
    assert.equal(await waiting, "in time");
    await stopped;
    assert.ok(existsSync(join(folder, "disposed")));
  }));

import assert from "node:assert/strict";
import { test } from "node:test";
import { stampOf, type PooledWorker } from "../runtime/index.ts";
import { fileURLToPath } from "node:url";
import type { LoadedCode, Order, Served } from "./orders.ts";
import { ServedCode } from "./served-code.ts";

const FILE = fileURLToPath(import.meta.url);

/** One that has loaded FILE as it was at `stamp`, and notes the sources that it is told of. */
class GivenWorker {
  readonly threadId = 1;
  readonly told: Served["sources"][] = [];
  readonly loaded: LoadedCode;

  constructor(stamp: string) {
    const source = { stamp } as never;
    const [stamps, sources] = [new Map([[FILE, stamp]]), new Map([[FILE, source]])];
    this.loaded = { stamps, sources, generations: 1 };
  }

  async ask(order: Order): Promise<unknown> {
    if (order.kind === "prepare") this.told.push(order.served.sources);
    return this.loaded;
  }
}

const pooled = (worker: GivenWorker): PooledWorker => worker as unknown as PooledWorker;

test("a reload that finds no worker has the next one load what lies there", async () => {
  const code = new ServedCode();
  await code.learn([pooled(new GivenWorker("before"))]);
  assert.equal(code.sources.size, 1);

  await code.prepare([], {} as Served);
  assert.deepEqual(code.adopt(), ["served-code-unknown.test.ts changed"]);
  assert.equal(code.sources.size, 0);
  assert.deepEqual(code.files, [FILE]);

  const [next, another] = [new GivenWorker(stampOf(FILE)), new GivenWorker("none")];
  await code.bring(pooled(next), { sources: code.sources } as Served);
  assert.equal(next.told[0]!.size, 0);
  assert.equal(code.sources, next.loaded.sources);
  assert.deepEqual(code.changes(), []);
  await code.bring(pooled(another), { sources: code.sources } as Served);
  assert.equal(another.told[0], next.loaded.sources);
  assert.equal(code.sources, next.loaded.sources);
});

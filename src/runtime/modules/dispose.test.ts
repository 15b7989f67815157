import assert from "node:assert/strict";
import { test } from "node:test";
import type { Log } from "../../base/log.ts";
import { disposeOf } from "./dispose.ts";

class Told implements Pick<Log, "error"> {
  readonly lines: string[] = [];

  error(text: string, cause: unknown): void {
    this.lines.push(`${text}: ${String(cause)}`);
  }
}

async function disposed(exports: Record<string, unknown>): Promise<string[]> {
  const told = new Told();
  await disposeOf([{ file: "app.ts", exports }], told as unknown as Log);
  return told.lines;
}

test("a named dispose is called, else the default export's, with its own `this`", async () => {
  const calls: unknown[] = [];
  const main = {
    name: "main",
    dispose(this: { name: string }) {
      calls.push(this.name);
    },
  };
  const named = (): number => calls.push("named");
  assert.deepEqual(await disposed({ dispose: named, default: main }), []);
  assert.deepEqual(await disposed({ default: main }), []);
  assert.deepEqual(calls, ["named", "main"]);
});

const NOTHING: readonly Record<string, unknown>[] = [
  {},
  { default: null },
  { default: "text" },
  { default: {} },
  { default: () => 1 },
  { dispose: "text", default: { dispose: 5 } },
];
for (const exports of NOTHING) {
  test(`${JSON.stringify(exports)} has nothing to dispose`, async () => {
    assert.deepEqual(await disposed(exports), []);
  });
}

const FAILING = {
  throws: () => {
    throw new Error("thrown");
  },
  rejects: () => Promise.reject(new Error("thrown")),
};
for (const [how, dispose] of Object.entries(FAILING)) {
  test(`a dispose that ${how} is logged`, async () => {
    assert.deepEqual(await disposed({ dispose }), ["app.ts: its dispose failed: Error: thrown"]);
  });
}

// What workers ask of the main thread, through real threads and a real stop.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { withTemporaryFolder } from "../testing/index.ts";
import { loadServerConfig } from "./check.ts";
import { Supervisor } from "./supervisor.ts";

const STORING = new URL("../testing/storing-worker.ts", import.meta.url);
const CONFIG =
  'workers = 2\n[[listen]]\naddress = "127.0.0.1:0"\n[log]\naccess = "off"\nlevel = "error"\n';

async function withSupervisor(
  folder: string,
  use: (supervisor: Supervisor) => Promise<void>,
): Promise<void> {
  const loaded = loadServerConfig(CONFIG, join(folder, "portico.toml"));
  assert.ok(!Array.isArray(loaded));
  const overrides = { addresses: null, accessLog: null, workers: null };
  const supervisor = new Supervisor(loaded, overrides, { entry: STORING });
  supervisor.hidden = folder;
  try {
    await supervisor.start();
    await use(supervisor);
  } finally {
    await supervisor.stopNow();
  }
}

function told(folder: string): string[] {
  const file = join(folder, "told");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.filter(Boolean).map((line) => (JSON.parse(line) as { name: string }).name);
}

test("of two workers that want the same room one gets it, and both events are told", async () => {
  await withTemporaryFolder(async (folder) => {
    await withSupervisor(folder, async () => {
      while (told(folder).length < 2) await delay(5);
    });
    assert.deepEqual(new Set(told(folder)), new Set(["granted", "refused"]));
  });
});

test("what was kept when a server was cut off is told by the next", async () => {
  await withTemporaryFolder(async (folder) => {
    await withSupervisor(folder, async (supervisor) => {
      while (!existsSync(join(folder, "events.sqlite"))) await delay(1);
      await supervisor.stopNow();
    });
    // Its own two, and what the first left.
    await withSupervisor(folder, async () => {
      while (told(folder).length < 3) await delay(5);
    });
  });
});

test("behind a stop nobody is told any more", async () => {
  await withTemporaryFolder(async (folder) => {
    await withSupervisor(folder, async (supervisor) => {
      while (!existsSync(join(folder, "events.sqlite"))) await delay(1);
      await supervisor.stop();
    });
    const whole = told(folder).length;
    assert.ok(whole <= 2);
    await delay(100);
    assert.equal(told(folder).length, whole);
  });
});

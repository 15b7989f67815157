import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmod,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { openedControl, withControl } from "../../testing/control-socket.ts";
import { withTemporaryFolder } from "../../testing/temporary-folder.ts";
import { askControl } from "./ask-control.ts";
import { openControl, type ControlHandler } from "./open-control.ts";

const RELOADED = { ok: true, changed: ["a: 1 -> 2"], restart: [] } as const;
const reloads: ControlHandler = () => Promise.resolve(RELOADED);

test("the socket is for its owner alone, and gone when it is closed", async () => {
  await withControl(reloads, async (folder, control) => {
    const { mode } = await stat(join(folder, "control.sock"));
    assert.equal(mode & 0o777, 0o600);
    await control.close();
    await control.close();
    assert.deepEqual(await readdir(folder), []);
    assert.equal(await askControl(folder, { command: "status" }), "notRunning");
  });
});

for (const open of [0o755, 0o710, 0o701, 0o770]) {
  test(`a folder of mode ${open.toString(8)} gets no socket`, () =>
    withTemporaryFolder(async (folder) => {
      await chmod(folder, open);
      assert.match((await openControl(folder, reloads)) as string, /open to other users/);
      assert.deepEqual(await readdir(folder), []);
    }));
}

test("what lies there of a server that is gone is replaced", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "control.sock");
    for (const leave of [
      () => writeFile(path, "no socket"),
      () => symlink("/nowhere", path),
      () => staleSocket(path),
    ]) {
      await leave();
      assert.equal(await askControl(folder, { command: "status" }), "notRunning");
      const control = await openedControl(folder, reloads);
      assert.deepEqual(await askControl(folder, { command: "reload" }), RELOADED);
      await control.close();
    }
  }));

/** Binds a socket whose file outlives it, as a kill would leave it. */
async function staleSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.other`);
  await once(server, "listening");
  await rename(`${path}.other`, path);
  server.close();
}

test("a folder by the socket's name is told, not removed", () =>
  withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "control.sock"));
    assert.match((await openControl(folder, reloads)) as string, /can't be opened/);
    assert.deepEqual(await readdir(folder), ["control.sock"]);
  }));

test("a path beyond a socket's address works, and holds no descriptor behind it", () =>
  withTemporaryFolder(async (folder) => {
    const deep = join(folder, "d".repeat(200), "é".repeat(100));
    await mkdir(deep, { recursive: true, mode: 0o700 });
    const before = await descriptors();
    const control = await openedControl(deep, reloads);
    const { mode } = await stat(join(deep, "control.sock"));
    assert.equal(mode & 0o777, 0o600);
    assert.deepEqual(await askControl(deep, { command: "reload" }), RELOADED);
    await control.close();
    assert.deepEqual(await readdir(deep), []);
    assert.equal(await askControl(deep, { command: "reload" }), "notRunning");
    assert.equal(await descriptors(), before);
  }));

async function descriptors(): Promise<number> {
  const handle = await open("/proc/self/fd");
  await handle.close();
  return (await readdir("/proc/self/fd")).length;
}

test("a closed socket lets its folder be removed and made again", () =>
  withTemporaryFolder(async (parent) => {
    const folder = join(parent, "data");
    for (let time = 0; time < 2; time += 1) {
      await mkdir(folder, { mode: 0o700 });
      const control = await openedControl(folder, reloads);
      assert.deepEqual(await askControl(folder, { command: "reload" }), RELOADED);
      await control.close();
      await rm(folder, { recursive: true });
    }
  }));

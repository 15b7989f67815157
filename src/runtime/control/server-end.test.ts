import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { openedControl } from "../../testing/control-socket.ts";
import { withTemporaryFolder } from "../../testing/temporary-folder.ts";
import { askControl } from "./ask-control.ts";

const MODULE = new URL("./open-control.ts", import.meta.url).href;
// Stops as a server does: closes its doors first, and has something to finish for which it stays.
const SERVER = `
  const { openControl } = await import(${JSON.stringify(MODULE)});
  const stay = setInterval(() => undefined, 60_000);
  const control = await openControl(process.argv[1], async ({ command }) => {
    if (command === "status") process.kill(process.pid, "SIGKILL");
    process.once("SIGUSR2", () => clearInterval(stay));
    await control.close();
    console.log("stopping");
    return { ok: true, pid: process.pid };
  });
  console.log("open");`;

async function serverOn(
  folder: string,
): Promise<{ child: ChildProcess; said: () => Promise<string> }> {
  const args = [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "-e",
    SERVER,
    folder,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const said = async (): Promise<string> => {
    const [text] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    return text.trim();
  };
  assert.equal(await said(), "open");
  return { child, said };
}

test("a stop returns when the process has ended, whose open connections keep it from nothing", () =>
  withTemporaryFolder(async (folder) => {
    const { child, said } = await serverOn(folder);
    let isOver = false;
    const answer = askControl(folder, { command: "stop" }).finally(() => (isOver = true));
    assert.equal(await said(), "stopping");
    assert.deepEqual(await readdir(folder), []);
    assert.equal(await askControl(folder, { command: "stop" }), "notRunning");
    assert.equal(isOver, false);
    const exited = once(child, "exit");
    child.kill("SIGUSR2");
    assert.deepEqual(await answer, { ok: true, pid: child.pid });
    assert.deepEqual(await exited, [0, null]);
  }));

test("a server that is killed while it is asked is told, and its socket is replaced", () =>
  withTemporaryFolder(async (folder) => {
    const { child } = await serverOn(folder);
    const exited = once(child, "exit");
    const expected = { ok: false, message: "the server ended before it answered" };
    assert.deepEqual(await askControl(folder, { command: "status" }), expected);
    // The kernel closes its connections first, and what listens a moment later.
    await exited;
    assert.deepEqual(await readdir(folder), ["control.sock"]);
    assert.equal(await askControl(folder, { command: "status" }), "notRunning");
    const control = await openedControl(folder, () => Promise.resolve({ ok: true, pid: 1 }));
    await control.close();
    assert.deepEqual(await readdir(folder), []);
  }));

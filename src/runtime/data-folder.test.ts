import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/temporary-folder.ts";
import { claimDataFolder, ClaimRefused, type DataFolder } from "./data-folder.ts";

const MODULE = new URL("./data-folder.ts", import.meta.url).href;
const CLAIM = `
  const { claimDataFolder } = await import(${JSON.stringify(MODULE)});
  const claimed = await claimDataFolder(process.argv[1]);
  console.log("inUse" in claimed ? claimed.message : "claimed");
  setInterval(() => undefined, 60_000);`;

/** A process that claims `folder`, says so or why not, and stays. */
function claimant(folder: string): { child: ChildProcess; said: Promise<string> } {
  const args = [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "-e",
    CLAIM,
    folder,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const said = new Promise<string>((resolve) => {
    child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
  });
  return { child, said };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

async function claimOf(folder: string): Promise<DataFolder> {
  const claimed = await claimDataFolder(folder);
  if (claimed instanceof ClaimRefused) assert.fail(claimed.message);
  return claimed;
}

async function refusalOf(folder: string): Promise<string> {
  const claimed = await claimDataFolder(folder);
  assert.ok(claimed instanceof ClaimRefused);
  return claimed.message;
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test("a missing folder is made for this user alone, and its files too", () =>
  withTemporaryFolder(async (folder) => {
    const data = join(folder, "a/b/data");
    const claim = await claimOf(data);
    assert.equal(await modeOf(data), 0o700);
    assert.equal(await modeOf(join(data, ".portico.lock")), 0o600);
    assert.equal(await modeOf(join(data, "portico.pid")), 0o600);
    await claim.release();
  }));

test("a live process keeps others out, who are told its pid", () =>
  withTemporaryFolder(async (folder) => {
    const { child, said } = claimant(folder);
    assert.equal(await said, "claimed");
    const refusal = await refusalOf(folder);
    assert.match(refusal, new RegExp(`in use by another server \\(process ${child.pid}\\)`));
    await killed(child);
  }));

test("a process that was killed leaves the folder free", () =>
  withTemporaryFolder(async (folder) => {
    for (let time = 0; time < 3; time += 1) {
      const { child, said } = claimant(folder);
      assert.equal(await said, "claimed");
      await killed(child);
      assert.deepEqual((await readdir(folder)).toSorted(), [".portico.lock", "portico.pid"]);
    }
    await (await claimOf(folder)).release();
    assert.deepEqual(await readdir(folder), [".portico.lock"]);
  }));

test("a pid file that names a live process is not a claim", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "portico.pid"), `${process.pid}\n`);
    await (await claimOf(folder)).release();
  }));

test("of many that start at once, over what a killed one left, one gets it", () =>
  withTemporaryFolder(async (folder) => {
    const first = claimant(folder);
    await first.said;
    await killed(first.child);
    const all = Array.from({ length: 6 }, () => claimant(folder));
    const said = await Promise.all(all.map((one) => one.said));
    assert.equal(said.filter((text) => text === "claimed").length, 1);
    assert.equal(said.filter((text) => text.includes("is in use by")).length, 5);
    await Promise.all(all.map(({ child }) => killed(child)));
  }));

test("two servers of one process cannot both have it", () =>
  withTemporaryFolder(async (folder) => {
    const claim = await claimOf(folder);
    assert.match(await refusalOf(folder), /in use/);
    await claim.release();
    await claim.release();
    await (await claimOf(folder)).release();
  }));

test("one folder by two names is one folder", () =>
  withTemporaryFolder(async (folder) => {
    const data = join(folder, "data");
    const claim = await claimOf(data);
    await symlink(data, join(folder, "alias"));
    assert.match(await refusalOf(join(folder, "alias")), /in use/);
    await claim.release();
  }));

test("an empty folder that is open to others is closed to them", () =>
  withTemporaryFolder(async (folder) => {
    await chmod(folder, 0o755);
    const claim = await claimOf(folder);
    assert.equal(await modeOf(folder), 0o700);
    await claim.release();
  }));

test("a folder that is open and holds other files is left as it is", () =>
  withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "someone-else"));
    await chmod(folder, 0o755);
    assert.match(await refusalOf(folder), /open to other users.*chmod 700/);
    assert.equal(await modeOf(folder), 0o755);
  }));

test("a file is no data folder", () =>
  withTemporaryFolder(async (folder) => {
    const file = join(folder, "file");
    await writeFile(file, "");
    assert.match(await refusalOf(file), /is a file: name a folder/);
    assert.match(await refusalOf(join(file, "below")), /cannot be used/);
    assert.match(await refusalOf("/proc/nope/data"), /cannot be used/);
  }));

test("a lock file that is no database is told, not overwritten", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, ".portico.lock"), "something that somebody wrote".repeat(100));
    assert.match(await refusalOf(folder), /cannot be used: .*not a database/);
  }));

// What is asked of the system before the answer, and in which order: a crash of the machine between
// any two may lose what was not acknowledged, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withStore, type StoreBench } from "../../testing/index.ts";
import { systemFiles, type FileSystem } from "../index.ts";

const WATCHED = [
  "write",
  "setAttribute",
  "fchmod",
  "fsync",
  "mkdir",
  "link",
  "rename",
  "unlink",
] as const;

/** What is asked while `act` runs. */
async function asked(
  act: (bench: StoreBench) => Promise<unknown>,
  durability: "fsync" | "none" = "fsync",
  broken: Partial<FileSystem> = {},
): Promise<string> {
  const calls: string[] = [];
  const system = { ...systemFiles } as Record<string, unknown>;
  for (const name of WATCHED) {
    const call = (broken[name] ?? systemFiles[name]) as (...given: unknown[]) => Promise<unknown>;
    system[name] = async (...given: unknown[]) => {
      const outcome = await call(...given);
      calls.push(name); // once it is done: what comes behind it must have waited
      return outcome;
    };
  }
  for (const name of ["write", "link", "unlink"] as const) {
    const call = systemFiles[`${name}Sync`] as (...given: unknown[]) => unknown;
    system[`${name}Sync`] = (...given: unknown[]) => {
      calls.push(name);
      return call(...given);
    };
  }
  await withStore(
    async (bench) => {
      await bench.put("old", "old");
      await bench.put("old, too", "old");
      calls.length = 0;
      await act(bench);
    },
    { durability },
    system as unknown as FileSystem,
  );
  return calls.join(" ");
}

const SEALED = "write setAttribute fsync";

test("a new file: written, on the disk, linked, the folder on the disk", async () => {
  const calls = await asked((bench) => bench.put("new", "x"));
  assert.equal(calls, `${SEALED} link fsync unlink`);
});

test("a file in a new folder: that is on the disk in the one above before", async () => {
  const calls = await asked((bench) => bench.put("folder/new", "x"));
  assert.equal(calls, `${SEALED} mkdir fsync link fsync unlink`);
});

test("one in the place of another: the old one stays until the folder is on the disk", async () => {
  const calls = await asked((bench) => bench.put("old", "x", "replace"));
  assert.equal(calls, `${SEALED} link rename fsync unlink`);
});

test("several: a journal is there before the first name, and goes behind the last", async () => {
  const files = ["a", "old"].map((name) => [name, "x"] as const);
  const calls = await asked((bench) => bench.putAll(files, "replace"));
  const journal = "write fsync fsync";
  const names = "link link link rename fsync";
  assert.equal(calls, `${SEALED} ${SEALED} ${journal} ${names} unlink fsync unlink unlink unlink`);
});

test("a file that is removed is out of sight, on the disk, before it is gone", async () => {
  const calls = await asked((bench) => bench.store.remove("old"));
  assert.equal(calls, "rename fsync unlink");
});

test("who wants no durability waits for no disk", async () => {
  for (const how of ["reject", "replace"] as const) {
    const calls = await asked((bench) => bench.put("new", "x", how), "none");
    assert.doesNotMatch(calls, /fsync/);
  }
});

test("several that are taken back: that is on the disk before the journal goes", async () => {
  const link = (from: string, to: string): Promise<void> => {
    const broken = Object.assign(new Error("EIO"), { code: "EIO" });
    return to.endsWith("/new 2") ? Promise.reject(broken) : systemFiles.link(from, to);
  };
  const calls = await asked(
    (bench) =>
      bench.putAll([
        ["new 1", "x"],
        ["new 2", "y"],
      ]),
    "fsync",
    { link },
  );
  // The journal and its folder; one is linked, and goes, which is flushed; then the journal goes.
  assert.match(calls, / write fsync fsync link unlink fsync unlink fsync/);
});

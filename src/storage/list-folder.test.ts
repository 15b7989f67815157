import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { systemClock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { withTemporaryFolder } from "../testing/index.ts";
import { FolderLister, type ListedEntry } from "./list-folder.ts";

async function withRoot(use: (folder: string, outside: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (outside) => {
    const folder = `${outside}/root`;
    await mkdir(`${folder}/sub`, { recursive: true });
    await writeFile(`${folder}/a.txt`, "inside");
    await writeFile(`${outside}/secret.txt`, "outside");
    await use(folder, outside);
  });
}

/** As it is told first, and again, when files may be looked at in another way. */
async function namesIn(folder: string, path: string, followLinks = false): Promise<string> {
  const lister = new FolderLister(systemClock);
  const first = textOf(await lister.list({ folder, followLinks }, path));
  assert.equal(textOf(await lister.list({ folder, followLinks }, path)), first);
  return first;
}

function textOf(found: ListedEntry[] | Failure): string {
  if (found instanceof Failure) return found.code;
  const names = found.map(({ name, kind }) => (kind === "folder" ? `${name}/` : name));
  return names.toSorted().join(" ");
}

test("an entry has name, kind, size and time", async () => {
  await withRoot(async (folder) => {
    await utimes(`${folder}/a.txt`, 1_600_000_000, 1_600_000_000);
    const lister = new FolderLister(systemClock);
    for (let looks = 0; looks < 2; looks += 1) {
      const found = await lister.list({ folder, followLinks: false }, "");
      assert.ok(!(found instanceof Failure));
      const entry = found.find(({ name }) => name === "a.txt");
      const mtimeMs = 1_600_000_000_000;
      assert.deepEqual(entry, { name: "a.txt", kind: "file", size: 6, mtimeMs });
    }
  });
});

test("a folder is listed with and without its final slash", async () => {
  await withRoot(async (folder) => {
    await writeFile(`${folder}/sub/b`, "");
    assert.equal(await namesIn(folder, "sub"), "b");
    assert.equal(await namesIn(folder, "sub/"), "b");
  });
});

test("hidden names, pipes and dangling links are left out", async () => {
  await withRoot(async (folder) => {
    await writeFile(`${folder}/.env`, "");
    await mkdir(`${folder}/.git`);
    await mkdir(`${folder}/.well-known`);
    await symlink("nowhere", `${folder}/dangling`);
    await symlink("loop", `${folder}/loop`);
    execFileSync("mkfifo", [`${folder}/pipe`]);
    assert.equal(await namesIn(folder, ""), ".well-known/ a.txt sub/");
  });
});

test("links that lead out are left out, unless they are followed", async () => {
  await withRoot(async (folder, outside) => {
    await symlink("../secret.txt", `${folder}/out`);
    await symlink(outside, `${folder}/up`);
    await symlink("a.txt", `${folder}/in`);
    assert.equal(await namesIn(folder, ""), "a.txt in sub/");
    assert.equal(await namesIn(folder, "", true), "a.txt in out sub/ up/");
  });
});

test("what leads out is not listed itself", async () => {
  await withRoot(async (folder, outside) => {
    await symlink(outside, `${folder}/up`);
    assert.equal(await namesIn(folder, "up"), "forbidden");
    assert.equal(await namesIn(folder, "up/root"), "a.txt sub/");
    assert.equal(await namesIn(folder, "up", true), "root/ secret.txt");
  });
});

for (const path of ["..", "nope", "a.txt", "a.txt/", ".git", "sub\0", "sub//", "x".repeat(300)]) {
  test(`${JSON.stringify(path.slice(0, 20))} has no listing`, async () => {
    await withRoot(async (folder) => assert.equal(await namesIn(folder, path), "notFound"));
  });
}

test("more entries than are asked for at once come whole, and nothing stays open", async () => {
  await withRoot(async (folder) => {
    const names = Array.from({ length: 150 }, (_, at) => `f${at}`);
    await Promise.all(names.map((name) => writeFile(`${folder}/sub/${name}`, "")));
    const before = readdirSync("/proc/self/fd").length;
    assert.equal(await namesIn(folder, "sub"), names.toSorted().join(" "));
    assert.equal(readdirSync("/proc/self/fd").length, before);
  });
});

test("what changed since a folder was listed is told the next time", async () => {
  await withRoot(async (folder, outside) => {
    const lister = new FolderLister(systemClock);
    const sizes = async (): Promise<string> => {
      const found = await lister.list({ folder, followLinks: false }, "");
      assert.ok(!(found instanceof Failure));
      return found
        .map(({ name, size, kind }) => (kind === "file" ? `${name}=${size}` : name))
        .join();
    };
    await rm(`${folder}/sub`, { recursive: true });
    assert.equal(await sizes(), "a.txt=6");
    await writeFile(`${folder}/a.txt`, "longer than before");
    assert.equal(await sizes(), "a.txt=18");
    await rm(`${folder}/a.txt`);
    await symlink(`${outside}/secret.txt`, `${folder}/a.txt`);
    assert.equal(await sizes(), "");
    await rm(`${folder}/a.txt`);
    await mkdir(`${folder}/a.txt`);
    assert.equal(await sizes(), "a.txt");
  });
});

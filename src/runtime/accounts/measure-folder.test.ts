import assert from "node:assert/strict";
import { chmod, link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../testing/index.ts";
import { measureFolder } from "./measure-folder.ts";

test("the sizes of files are added up, however deep and however many", async () => {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "a/b/c"), { recursive: true });
    for (let nth = 0; nth < 200; nth += 1) await writeFile(join(folder, `a/${nth}`), "12345");
    await writeFile(join(folder, "a/b/c/deep"), Buffer.alloc(100_000));
    await writeFile(join(folder, "empty"), "");
    assert.equal(await measureFolder(folder), 101_000);
  });
});

test("names that are no UTF-8 count, too", async () => {
  await withTemporaryFolder(async (folder) => {
    const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]);
    await mkdir(odd);
    await writeFile(Buffer.concat([odd, Buffer.from("/\xe9", "latin1")]), "1234");
    assert.equal(await measureFolder(folder), 4);
  });
});

test("folders that begin with a dot are left out", async () => {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, ".portico/drafts"), { recursive: true });
    await writeFile(join(folder, ".portico/drafts/half"), "12345");
    await writeFile(join(folder, "whole"), "123");
    assert.equal(await measureFolder(folder), 3);
  });
});

test("drafts are left out: room for them is reserved", async () => {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, ".portico-0.1.2.3.4-5"), "12345");
    await writeFile(join(folder, ".profile"), "123");
    assert.equal(await measureFolder(folder), 3);
  });
});

test("links are not followed, and no circle is walked", async () => {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "a"));
    await writeFile(join(folder, "a/file"), "123");
    await symlink(folder, join(folder, "a/up"));
    await symlink("/etc", join(folder, "out"));
    await symlink("nowhere", join(folder, "dead"));
    assert.equal(await measureFolder(folder), 3);
    await link(join(folder, "a/file"), join(folder, "second")); // it may be replaced alone
    assert.equal(await measureFolder(folder), 6);
  });
});

test("a folder that is missing, a file, or closed to this user holds nothing", async () => {
  await withTemporaryFolder(async (folder) => {
    assert.equal(await measureFolder(join(folder, "none")), 0);
    await writeFile(join(folder, "file"), "123");
    assert.equal(await measureFolder(join(folder, "file")), 0);
    await mkdir(join(folder, "closed"));
    await chmod(join(folder, "closed"), 0);
    assert.equal(await measureFolder(folder), 3);
    await chmod(join(folder, "closed"), 0o700);
  });
});

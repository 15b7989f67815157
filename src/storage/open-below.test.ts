import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Failure } from "../base/failure.ts";
import { withTemporaryFolder } from "../testing/index.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { openBelow } from "./open-below.ts";
import { FolderEntry } from "./open-file.ts";

const SECRET = "outside";

/** A root with files in it, and a secret beside it. */
async function withRoot(use: (folder: string, outside: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (outside) => {
    const folder = `${outside}/root`;
    await mkdir(`${folder}/docs/deep`, { recursive: true });
    await mkdir(`${outside}/root-beside`);
    await writeFile(`${folder}/a.txt`, "inside");
    await writeFile(`${folder}/docs/b.txt`, "deep inside");
    await writeFile(`${outside}/secret.txt`, SECRET);
    await writeFile(`${outside}/root-beside/secret.txt`, SECRET);
    const before = openCount();
    await use(folder, outside);
    // A close takes its turn, in the pool or in the loop.
    for (let turns = 0; openCount() !== before && turns < 500; turns += 1) await setTimeout(2);
    assert.equal(openCount(), before, "a descriptor was left open");
  });
}

const openCount = (): number => readdirSync("/proc/self/fd").length;

/** What comes of `path`, in a word; a file's bytes. Gives the file back. */
async function seen(
  folder: string,
  path: string,
  options: { followLinks?: boolean; system?: FileSystem } = {},
): Promise<string> {
  const { followLinks = false, system = systemFiles } = options;
  const closing: Promise<void>[] = [];
  const found = await openBelow({ folder, followLinks }, path, system, (fd) =>
    closing.push(systemFiles.close(fd)),
  );
  if (found instanceof Failure) return found.code;
  if (found instanceof FolderEntry) return "folder";
  const text = found.bytes === null ? `${found.size} bytes` : Buffer.from(found.bytes).toString();
  found.release();
  await Promise.all(closing);
  return text;
}

function refusing(code: string, step: keyof FileSystem): FileSystem {
  const refuse = async (): Promise<never> => {
    throw Object.assign(new Error(code), { code });
  };
  return { ...systemFiles, [step]: refuse };
}

const NAMES: readonly [path: string, outcome: string][] = [
  ["a.txt", "inside"],
  ["docs/b.txt", "deep inside"],
  ["", "folder"],
  ["docs", "folder"],
  ["docs/", "folder"],
  ["a.txt/", "notFound"],
  ["a.txt/x", "notFound"],
  ["nope", "notFound"],
  ["nope/a.txt", "notFound"],
  ["../secret.txt", "notFound"],
  ["docs/../../secret.txt", "notFound"],
  ["a.txt\0.html", "notFound"],
  ["/etc/passwd", "notFound"],
  ["x".repeat(256), "notFound"],
  ["x/".repeat(3000), "notFound"],
];
for (const [path, outcome] of NAMES) {
  test(`${JSON.stringify(path.slice(0, 30))} is ${outcome}`, async () => {
    await withRoot(async (folder) => assert.equal(await seen(folder, path), outcome));
  });
}

const LINKS: readonly [target: string, path: string, outcome: string, followed: string][] = [
  ["a.txt", "link", "inside", "inside"],
  ["docs", "link/b.txt", "deep inside", "deep inside"],
  ["../secret.txt", "link", "forbidden", SECRET],
  ["OUT/secret.txt", "link", "forbidden", SECRET],
  ["../root-beside/secret.txt", "link", "forbidden", SECRET],
  ["OUT", "link/secret.txt", "forbidden", SECRET],
  ["..", "link/secret.txt", "forbidden", SECRET],
  ["..", "link/", "forbidden", "folder"],
  ["OUT", "link", "forbidden", "folder"],
  ["/dev/zero", "link", "forbidden", "forbidden"],
  ["nowhere", "link", "notFound", "notFound"],
  ["link", "link", "notFound", "notFound"],
  ["a.txt", "link/", "notFound", "notFound"],
];
for (const [target, path, outcome, followed] of LINKS) {
  test(`${path} by a link to ${target}: ${outcome}; ${followed} if followed`, async () => {
    await withRoot(async (folder, outside) => {
      await symlink(target.replace("OUT", outside), `${folder}/link`);
      assert.equal(await seen(folder, path), outcome);
      assert.equal(await seen(folder, path, { followLinks: true }), followed);
    });
  });
}

test("a link deep in the folder and a link to a link lead nowhere either", async () => {
  await withRoot(async (folder, outside) => {
    await symlink(outside, `${folder}/docs/deep/out`);
    await symlink("docs/deep/out", `${folder}/again`);
    assert.equal(await seen(folder, "docs/deep/out/secret.txt"), "forbidden");
    assert.equal(await seen(folder, "again/secret.txt"), "forbidden");
    assert.equal(await seen(folder, "again/root/a.txt"), "inside");
  });
});

test("the root itself may be a link", async () => {
  await withRoot(async (folder, outside) => {
    await symlink("root", `${outside}/current`);
    assert.equal(await seen(`${outside}/current`, "a.txt"), "inside");
    await symlink("../secret.txt", `${folder}/link`);
    assert.equal(await seen(`${outside}/current`, "link"), "forbidden");
  });
});

test("a root that is gone has nothing", async () => {
  await withRoot(async (folder) => assert.equal(await seen(`${folder}/gone`, ""), "notFound"));
});

/** The system, but that `change` is made just before it opens. */
function changing(change: () => Promise<unknown>): FileSystem {
  return {
    ...systemFiles,
    open: async (path, flags) => {
      await change();
      return systemFiles.open(path, flags);
    },
  };
}

for (const proc of [true, false]) {
  const withOrWithout = (system: FileSystem): FileSystem =>
    proc ? system : { ...system, readlink: refusing("ENOENT", "readlink").readlink };

  test(`a link swapped in before the open leaks nothing, /proc: ${proc}`, async () => {
    await withRoot(async (folder) => {
      const system = withOrWithout(
        changing(async () => {
          await rm(`${folder}/a.txt`);
          await symlink("../secret.txt", `${folder}/a.txt`);
        }),
      );
      assert.equal(await seen(folder, "a.txt", { system }), "notFound");
    });
  });

  test(`a folder swapped for a link before the open leaks nothing, /proc: ${proc}`, async () => {
    await withRoot(async (folder, outside) => {
      await writeFile(`${outside}/b.txt`, SECRET);
      const system = withOrWithout(
        changing(async () => {
          await rename(`${folder}/docs`, `${folder}/moved`);
          await symlink("..", `${folder}/docs`);
        }),
      );
      assert.equal(await seen(folder, "docs/b.txt", { system }), "forbidden");
    });
  });

  test(`a file that nobody touches is opened, /proc: ${proc}`, async () => {
    await withRoot(async (folder) => {
      const system = withOrWithout(systemFiles);
      assert.equal(await seen(folder, "docs/b.txt", { system }), "deep inside");
    });
  });
}

test("without /proc a folder swapped for a link and back leaks nothing", async () => {
  await withRoot(async (folder, outside) => {
    await writeFile(`${outside}/b.txt`, SECRET);
    const system: FileSystem = {
      ...changing(async () => {
        await rename(`${folder}/docs`, `${folder}/moved`);
        await symlink("..", `${folder}/docs`);
      }),
      readlink: async () => {
        await rm(`${folder}/docs`);
        await rename(`${folder}/moved`, `${folder}/docs`);
        throw Object.assign(new Error("no /proc"), { code: "ENOENT" });
      },
    };
    assert.equal(await seen(folder, "docs/b.txt", { system }), "forbidden");
  });
});

test("a pipe is refused without waiting for a writer, and without being opened", async () => {
  await withRoot(async (folder) => {
    execFileSync("mkfifo", [`${folder}/pipe`]);
    const opened: string[] = [];
    const system = changing(async () => opened.push("open"));
    assert.equal(await seen(folder, "pipe", { system }), "forbidden");
    assert.deepEqual(opened, []);
  });
});

test("a pipe swapped in before the open is refused without waiting", async () => {
  await withRoot(async (folder) => {
    const system = changing(async () => {
      await rm(`${folder}/a.txt`);
      execFileSync("mkfifo", [`${folder}/a.txt`]);
    });
    assert.equal(await seen(folder, "a.txt", { system }), "forbidden");
  });
});

test("a socket is refused", async () => {
  // The loop keeps a spare descriptor from its first socket on.
  const first = createServer().listen(0, "127.0.0.1");
  await once(first, "listening");
  await once(first.close(), "close");
  await withRoot(async (folder) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(`${folder}/socket`, resolve));
    assert.equal(await seen(folder, "socket"), "forbidden");
    await new Promise((resolve) => server.close(resolve));
  });
});

const REFUSALS: readonly [code: string, step: keyof FileSystem, outcome: string][] = [
  ["EACCES", "open", "forbidden"],
  ["EACCES", "realpath", "forbidden"],
  ["ELOOP", "open", "notFound"],
  ["EINVAL", "realpath", "notFound"],
  ["ENAMETOOLONG", "realpath", "notFound"],
  ["ESTALE", "fstat", "notFound"],
  ["EMFILE", "open", "overloaded"],
  ["ENFILE", "open", "overloaded"],
];
for (const [code, step, outcome] of REFUSALS) {
  test(`${code} of ${step} is ${outcome}`, async () => {
    await withRoot(async (folder) => {
      assert.equal(await seen(folder, "a.txt", { system: refusing(code, step) }), outcome);
    });
  });
}

for (const step of ["open", "fstat", "read", "readlink", "stat"] as const) {
  test(`a disk that fails at ${step} is no client's doing, and leaves nothing open`, async () => {
    await withRoot(async (folder) => {
      const system = refusing("EIO", step);
      await assert.rejects(seen(folder, "a.txt", { system }), { code: "EIO" });
    });
  });
}

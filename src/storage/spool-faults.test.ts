// What happens to a spool where the system refuses.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Failure } from "../base/failure.ts";
import {
  FailingFiles,
  LogNotes,
  openIn,
  withSpools,
  withTemporaryFolder,
} from "../testing/index.ts";
import { Spools } from "./spool.ts";

const KIB = 1024;

function contentOf(bytes: number): Buffer {
  return Buffer.alloc(bytes, "0123456789");
}

for (const isFar of [false, true]) {
  for (const [code, expected, isLogged] of [
    ["ENOSPC", "storageFull", false],
    ["EDQUOT", "storageFull", false],
    ["EMFILE", "overloaded", false],
    ["ENOENT", "storageFailed", true],
    ["EEXIST", "storageFailed", true],
    ["EACCES", "storageFailed", true],
    ["EIO", "storageFailed", true],
  ] as const) {
    test(`${code} ${isFar ? "far away" : "here"} is ${expected}, at whichever call`, async () => {
      const failing = new FailingFiles({ isFar });
      let isPast = false;
      for (let nth = 1; !isPast; nth += 1) {
        await withSpools(
          async ({ spools, folder, log }) => {
            const spool = spools.open();
            await spools.prompt();
            failing.arm({ nth, code, lasts: "once" });
            const wrote = await spool.write(contentOf(100 * KIB));
            const more = wrote ?? (await spool.write(contentOf(100 * KIB)));
            isPast = failing.failed.length === 0;
            failing.disarm();
            if (isPast) assert.equal(more, null);
            else {
              assert.equal(more?.code, expected);
              assert.equal(log.errors.length, isLogged ? 1 : 0);
              assert.equal(await spool.write(contentOf(1)), more, "what failed has failed");
            }
            spool.close();
            // Of what could not be unlinked the name stays, and nothing else.
            for (const name of readdirSync(folder)) {
              assert.match(failing.failed.join(), /^unlink/);
              assert.equal(statSync(join(folder, name)).size, 0);
              await rm(join(folder, name));
            }
          },
          { system: failing.files },
        );
      }
    });
  }
}

test("without its folder there is no file, and the log says so", () =>
  withTemporaryFolder(async (folder) => {
    const log = new LogNotes();
    const spools = new Spools({ folder: join(folder, "none"), log });
    const spool = spools.open();
    assert.equal(await spool.write(contentOf(64 * KIB)), null);
    const failure = await spool.write(contentOf(1));
    assert.equal(failure?.code, "storageFailed");
    assert.equal(log.errors.length, 1);
    spool.close();
  }));

test("on a disk that is full the body is refused, and what was written is given back", (t) =>
  withTemporaryFolder(async (folder) => {
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
    if (mounted.status !== 0) {
      t.skip("nothing may be mounted here");
      return;
    }
    try {
      const spools = new Spools({ folder, log: new LogNotes() });
      for (let times = 0; times < 2; times += 1) {
        const spool = spools.open();
        let failure: Failure | null = null;
        let pieces = 0;
        while (failure === null && pieces < 20) {
          failure = await spool.write(contentOf(100 * KIB));
          pieces += 1;
        }
        assert.equal(failure?.code, "storageFull");
        assert.ok(pieces > 8, `${pieces}`);
        spool.close();
        while (openIn(folder).length > 0) await setImmediate();
      }
    } finally {
      spawnSync("umount", ["-l", folder]);
    }
  }));

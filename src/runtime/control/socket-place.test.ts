import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../testing/temporary-folder.ts";
import { socketPlace } from "./socket-place.ts";

const NAME_BYTES = "/control.sock".length;

test("a path of 107 bytes is an address as it is, one of 108 is not", () =>
  withTemporaryFolder(async (parent) => {
    const room = 107 - NAME_BYTES - Buffer.byteLength(parent) - 1;
    const fits = join(parent, "d".repeat(room));
    const place = await socketPlace(fits); // and the folder is not even looked for
    assert.ok(typeof place !== "string");
    assert.equal(place.address, join(fits, "control.sock"));
    await place.letGo();
    await mkdir(`${fits}d`);
    const longer = await socketPlace(`${fits}d`);
    assert.ok(typeof longer !== "string");
    assert.match(longer.address, /^\/proc\/self\/fd\/\d+\/control\.sock$/);
    await longer.letGo();
  }));

test("bytes count, not characters", () =>
  withTemporaryFolder(async (parent) => {
    const folder = join(parent, "é".repeat(45));
    await mkdir(folder);
    const place = await socketPlace(folder);
    assert.ok(typeof place !== "string" && place.address.startsWith("/proc/"));
    await place.letGo();
  }));

test("without /proc a long path is refused in words, and so is one that leads elsewhere", () =>
  withTemporaryFolder(async (parent) => {
    const folder = join(parent, "d".repeat(100));
    await mkdir(folder);
    for (const descriptors of [join(parent, "no-proc"), "/proc/1/cwd/.."]) {
      assert.match((await socketPlace(folder, descriptors)) as string, /too long.*shorter `data`/);
    }
  }));

test("a long path to no folder throws as open(2) does", () =>
  withTemporaryFolder(async (parent) => {
    const missing = join(parent, "d".repeat(120));
    await assert.rejects(socketPlace(missing), { code: "ENOENT" });
  }));

import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/index.ts";
import { findRunUploads, type FolderRoute } from "./run-uploads.ts";

function upload(to: string): FolderRoute {
  return { path: "/up/*", room: { name: "upload", uploadsTo: () => to }, options: {} };
}

function program(...folders: string[]): FolderRoute {
  return { path: "*.php", room: { name: "cgi", reaches: () => folders }, options: {} };
}

const NEITHER: FolderRoute = { path: "/*", room: { name: "static" }, options: {} };

for (const [to, run] of [
  ["/srv/cgi", "/srv/cgi"],
  ["/srv/cgi/up", "/srv/cgi"],
  ["/srv", "/srv/cgi/bin"],
  ["/srv/cgi", "/"],
  ["/srv/cgi/", "/srv/cgi"],
] as const) {
  test(`uploads to ${to} could be run where what is in ${run} is`, () => {
    const stores = upload(to);
    const found = findRunUploads([NEITHER, stores, program("/elsewhere", run)]);
    assert.equal(found.length, 1);
    assert.equal(found[0]!.upload, stores);
    for (const part of ["upload route /up/*", `"${to}"`, "cgi route *.php", `"${run}"`]) {
      assert.ok(found[0]!.message.includes(part), found[0]!.message);
    }
  });
}

for (const [to, ...folders] of [
  ["/srv/up", "/srv/cgi"],
  ["/srv/cgi-up", "/srv/cgi"],
  ["/srv/cgi", "/srv/cgi-bin"],
  ["/srv/up"],
] as const) {
  test(`uploads to ${to} can't be run where what is in ${folders.join(", ")} is`, () => {
    assert.deepEqual(findRunUploads([upload(to), program(...folders), NEITHER]), []);
  });
}

test("a route that serves a folder does not run what is in it", () => {
  assert.deepEqual(findRunUploads([upload("/srv"), NEITHER]), []);
});

for (const [name, to] of [
  ["a folder that is not there yet", "link/new/er"],
  ["the folder itself", "link"],
] as const) {
  test(`${name} is found behind a link`, () =>
    withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, "cgi"));
      await symlink("cgi", join(folder, "link"));
      const routes = [upload(join(folder, to)), program(join(folder, "cgi"))];
      assert.equal(findRunUploads(routes).length, 1);
    }));
}

test("programs are found behind a link, too", () =>
  withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "up/deep"), { recursive: true });
    await symlink("up/deep", join(folder, "cgi"));
    const routes = [upload(join(folder, "up")), program(join(folder, "cgi"))];
    assert.equal(findRunUploads(routes).length, 1);
  }));

import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { test } from "node:test";
import { loadConfig } from "../../config/index.ts";
import type { Reply } from "../../http/exchange/index.ts";
import { servedFolder, withTemporaryFolder } from "../../testing/index.ts";
import { staticHandler } from "./handler.ts";
import { options } from "./options.ts";
import { startsBelow } from "./starts-below.ts";

const CASES: readonly { root: string; uploads: readonly string[]; expected: readonly string[] }[] =
  [
    { root: "/srv/public", uploads: [], expected: [] },
    { root: "/srv/public", uploads: ["/srv/uploads"], expected: [] },
    { root: "/srv/public", uploads: ["/srv/public-uploads"], expected: [] },
    { root: "/srv/public", uploads: ["/srv/public/in"], expected: ["in/"] },
    { root: "/srv/public", uploads: ["/srv/public/a/b/", "/srv/public"], expected: ["a/b/", ""] },
    { root: "/srv/public", uploads: ["/srv"], expected: [""] },
  ];
for (const { root, uploads, expected } of CASES) {
  const below = expected.join() || "-";
  test(`uploads to ${uploads.join(" and ") || "nowhere"} below ${root}: ${below}`, () => {
    assert.deepEqual(startsBelow(root, uploads), expected);
  });
}

test("folders that are links are told by where they lead", () =>
  withTemporaryFolder(async (folder) => {
    await mkdir(`${folder}/public/in`, { recursive: true });
    await symlink("public", `${folder}/www`);
    await symlink("public/in", `${folder}/uploads`);
    assert.deepEqual(startsBelow(`${folder}/www`, [`${folder}/uploads`]), ["in/"]);
  }));

test("what strangers uploaded is served so that it can't attack", async () => {
  const files = { "in/x.html": "<script>", "in/a.png": "png", "x.html": "<p>", "in.html": "<p>" };
  await using site = await servedFolder(files, (folder, context) => {
    const loaded = loadConfig(`root = ${JSON.stringify(folder)}`, "static.toml", options);
    if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join());
    return staticHandler(loaded.value, { ...context, uploadFolders: [`${folder}/in`] });
  });
  const fieldsOf = async (target: string) => new Map(((await site.ask(target)) as Reply).fields);
  const active = await fieldsOf("/in/x.html");
  assert.equal(active.get("X-Content-Type-Options"), "nosniff");
  assert.match(active.get("Content-Security-Policy") ?? "", /sandbox/);
  assert.match(active.get("Content-Disposition") ?? "", /^attachment/);
  const inert = await fieldsOf("/in/a.png");
  assert.match(inert.get("Content-Security-Policy") ?? "", /sandbox/);
  assert.equal(inert.get("Content-Disposition"), undefined);
  for (const own of ["/x.html", "/in.html"]) {
    assert.equal((await fieldsOf(own)).get("Content-Security-Policy"), undefined, own);
  }
});

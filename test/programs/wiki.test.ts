// DokuWiki in all three ways: a page is written, the server starts anew, the page is still there,
// and so is who wrote it.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startPortico, withTemporaryFolder, type RunningProgram } from "../../src/testing/index.ts";
import { PHP_WAYS, type PhpWay } from "./php-ways.ts";
import { hiddenFields, installWiki, noWiki, USER, Visitor, wikiConfig } from "./wiki-site.ts";

for (const way of PHP_WAYS) {
  test(`DokuWiki by ${way.name}`, { skip: way.skip || noWiki }, () =>
    withWiki(way, async (folder, start) => {
      let program = await start();
      const visitor = new Visitor(() => program.urls[0]!);
      try {
        await closedFolders(visitor);
        await firstLook(visitor);
        await logIn(visitor);
        await edit(visitor, folder);
        await addPicture(visitor, folder);
        assert.equal(await program.stop(), 0);
        assert.deepEqual(complaintsOf(program), []);

        program = await start(program.port); // which is in the cookies' names
        const page = await (await visitor.ask("doku.php?id=notes:today")).text();
        assert.match(page, /<h1[^>]*>Grüße<\/h1>/);
        assert.match(page, /Logged in as/);
        await refusals(visitor, program);
      } finally {
        assert.equal(await program.stop(), 0);
      }
      assert.deepEqual(complaintsOf(program), []);
    }),
  );
}

/** Its PHP is older than ours, which warns of it. */
function complaintsOf(program: RunningProgram): string[] {
  return program.complaints().filter((line) => !/PHP (?:Warning|Deprecated):/.test(line));
}

async function withWiki(
  way: PhpWay,
  use: (folder: string, start: (port?: number) => Promise<RunningProgram>) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await installWiki(folder);
    const file = join(folder, "portico.toml");
    await writeFile(file, wikiConfig(way).replaceAll("{folder}", folder));
    const args = ["serve", "-c", file, "-w", "2", "--access-log", "off"];
    const stop = await way.start(folder);
    try {
      await use(folder, (port = 0) =>
        startPortico({ args: [...args, "-l", `127.0.0.1:${port}`], cwd: folder }),
      );
    } finally {
      await stop();
    }
  });
}

async function closedFolders(visitor: Visitor): Promise<void> {
  for (const path of [
    "data/pages/start.txt",
    "conf/users.auth.php",
    "inc/init.php",
    "bin/dwpage.php",
  ]) {
    assert.equal((await visitor.ask(path)).status, 403, path);
  }
}

/** The first page, with the style sheets and scripts that it names, which PHP makes. */
async function firstLook(visitor: Visitor): Promise<void> {
  const answer = await visitor.ask("");
  assert.equal(answer.status, 200);
  const page = await answer.text();
  assert.match(page, /<h1[^>]*>The first page<\/h1>/);
  const named = [...page.matchAll(/(?:src|href)="\/(lib\/(?:exe|tpl|images)\/[^"]+)"/g)];
  const paths = new Set(named.map(([, path]) => path!.replaceAll("&amp;", "&")));
  assert.ok(paths.size >= 4, [...paths].join(" "));
  for (const path of paths) {
    const part = await visitor.ask(path);
    assert.equal(part.status, 200, path);
    assert.ok((await part.arrayBuffer()).byteLength > 0, path);
  }
}

async function logIn(visitor: Visitor): Promise<void> {
  const form = await (await visitor.ask("doku.php?id=start&do=login")).text();
  const fields = { ...hiddenFields(form), ...USER, r: "1" };
  const wrong = await visitor.send("doku.php?id=start", { ...fields, p: "wrong" });
  assert.match(await wrong.text(), /username or password was wrong/);
  const page = await (await visitor.send("doku.php?id=start", fields)).text();
  assert.match(page, /Logged in as/);
}

async function edit(visitor: Visitor, folder: string): Promise<void> {
  const form = await (await visitor.ask("doku.php?id=notes:today&do=edit")).text();
  const wikitext = "====== Grüße ======\n\nWritten & saved.\n";
  const fields = { ...hiddenFields(form), wikitext, summary: "first", "do[save]": "1" };
  const page = await (await visitor.send("doku.php?id=notes:today", fields)).text();
  assert.match(page, /Written &amp; saved\./);
  assert.equal(await readFile(join(folder, "public/data/pages/notes/today.txt"), "utf8"), wikitext);
}

// 1×1 pixel.
const PICTURE = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

async function addPicture(visitor: Visitor, folder: string): Promise<void> {
  const page = await (await visitor.ask("lib/exe/mediamanager.php?ns=notes")).text();
  const form = new FormData();
  for (const [name, value] of Object.entries(hiddenFields(page))) form.set(name, value);
  form.set("upload", new Blob([PICTURE], { type: "image/gif" }), "dot.gif");
  const answer = await visitor.send("lib/exe/mediamanager.php", form);
  assert.match(await answer.text(), /Upload successful/);
  assert.deepEqual(await readFile(join(folder, "public/data/media/notes/dot.gif")), PICTURE);
  const shown = await visitor.ask("lib/exe/fetch.php?media=notes:dot.gif");
  assert.deepEqual([shown.status, shown.headers.get("content-type")], [200, "image/gif"]);
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()), PICTURE);
}

/** What the wiki refuses, it refuses by its own statuses. */
async function refusals(visitor: Visitor, { urls }: RunningProgram): Promise<void> {
  assert.equal((await visitor.ask("lib/exe/fetch.php?media=notes:none.png")).status, 404);
  const stranger = new Visitor(() => urls[0]!);
  const page = await (await stranger.ask("doku.php?id=notes:today&do=edit")).text();
  assert.doesNotMatch(page, /Logged in as|name="do\[save\]"/);
}

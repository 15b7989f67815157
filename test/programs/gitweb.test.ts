// Debian's gitweb: a large Perl program, with its stylesheet served beside it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withSite, type Site } from "../../src/testing/index.ts";
import { runGit } from "./git-site.ts";

const FOLDER = "/usr/share/gitweb";
const skip = !existsSync(join(FOLDER, "gitweb.cgi")) && "no gitweb here";

const CONFIG = `
[[site]]
  [[site.route]]
  path = "/gitweb/*"
  cgi = { script = "${FOLDER}/gitweb.cgi", env = { GITWEB_CONFIG = "{folder}/gitweb.conf" } }
  [[site.route]]
  path = "/gitweb/static/*"
  static = { root = "${FOLDER}/static" }
`;

async function make(folder: string): Promise<void> {
  const settings = [
    `our $projectroot = "${folder}/projects";`,
    'our $site_name = "The tests";',
    'our @stylesheets = ("/gitweb/static/gitweb.css");',
    "$feature{'pathinfo'}{'default'} = [1];",
    "1;",
  ];
  await writeFile(join(folder, "gitweb.conf"), `${settings.join("\n")}\n`);
  const repository = ["-C", "projects/one.git"];
  await runGit(folder, ".", ["init", "--quiet", "--initial-branch", "main", "projects/one.git"]);
  await writeFile(join(folder, "projects/one.git/grüße.txt"), "Grüße & <b>\n");
  await runGit(folder, ".", [...repository, "add", "."]);
  await runGit(folder, ".", [...repository, "commit", "--quiet", "--message", "A first commit"]);
  await writeFile(join(folder, "projects/one.git/.git/description"), "What is in one\n");
}

async function page(site: Site, path: string, status = 200): Promise<string> {
  const answer = await site.fetch(path);
  assert.equal(answer.status, status, path);
  return answer.text();
}

test("gitweb lists projects, and shows commits and files", { skip }, () =>
  withSite({ config: CONFIG, make, complaints: /gitweb/ }, async (site) => {
    const list = await page(site, "gitweb/");
    assert.match(list, /What is in one/);
    assert.match(list, /href="\/gitweb\/static\/gitweb\.css"/);
    const style = await site.fetch("gitweb/static/gitweb.css");
    assert.deepEqual(
      [style.status, style.headers.get("content-type")],
      [200, "text/css; charset=utf-8"],
    );

    const summary = await page(site, "gitweb/one.git/.git");
    assert.match(summary, /A first commit/);
    const shown = await page(site, "gitweb/one.git/.git/blob/HEAD:/gr%C3%BC%C3%9Fe.txt");
    assert.match(shown, /Grüße&nbsp;&amp;&nbsp;&lt;b&gt;/);
    const plain = await site.fetch(
      "gitweb/?p=one.git/.git;a=blob_plain;f=gr%C3%BC%C3%9Fe.txt;hb=HEAD",
    );
    assert.equal(await plain.text(), "Grüße & <b>\n");
    assert.match(plain.headers.get("content-disposition") ?? "", /filename=/);

    await page(site, "gitweb/?p=none.git", 404);
    await page(site, "gitweb/?p=../../etc", 404);
    await page(site, "gitweb/?p=one.git/.git;a=evil", 400);
  }),
);

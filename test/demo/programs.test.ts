// The demo's scripts where they belong: behind the server, with the page that shows them.
import assert from "node:assert/strict";
import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/index.ts";
import { type Script, SCRIPTS } from "./cgi-run.ts";
import { DEMO, withDemo } from "./served-demo.ts";

const FORM_BYTES_MAX = 1024 * 1024;

const here = SCRIPTS.filter(({ interpreter }) => interpreter !== null);
const skip = here.length < SCRIPTS.length && "an interpreter is missing here";

function addressOf(url: string, { file }: Script, path: string): string {
  return `${url}/cgi-bin/${file}${path}`;
}

test("every script that the page shows answers, and its picture is one", { skip }, () =>
  withDemo(async ({ url }) => {
    const page = await (await fetch(`${url}/programs/`)).text();
    const shown = [...page.matchAll(/<img src="([^"]+)"/gu)].map(([, source]) => source!);
    assert.equal(shown.length, SCRIPTS.length);
    for (const source of shown) {
      const answer = await fetch(url + source);
      assert.equal(answer.status, 200, await answer.clone().text());
      assert.match(answer.headers.get("content-type")!, /^image\/(?:png|svg\+xml)$/u);
      assert.ok((await answer.arrayBuffer()).byteLength > 2000);
    }
    for (const script of SCRIPTS) {
      const about = await (await fetch(addressOf(url, script, "/about"))).json();
      assert.equal((about as { language: string }).language, script.language);
    }
  }),
);

test("a file arrives in every script as it was sent", { skip }, () =>
  withDemo(async ({ url }) => {
    const bytes = await readFile(join(DEMO, "files/floors/rings.png"));
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    for (const script of SCRIPTS) {
      const form = new FormData();
      form.append("name", "Ann <b>");
      form.append("file", new File([bytes], "rings.png", { type: "image/png" }));
      const answer = await fetch(addressOf(url, script, "/form"), { method: "POST", body: form });
      const page = await answer.text();
      assert.equal(answer.status, 200, page);
      assert.ok(page.includes(digest), page);
      assert.ok(page.includes("Ann &lt;b&gt;"), page);
    }
  }),
);

test("a form that is too large is refused before a script has it", { skip }, () =>
  withDemo(async ({ url }) => {
    const body = new FormData();
    body.append("file", new File([new Uint8Array(FORM_BYTES_MAX)], "large.bin"));
    for (const script of SCRIPTS) {
      const answer = await fetch(addressOf(url, script, "/form"), { method: "POST", body });
      assert.equal(answer.status, 413, script.language);
    }
  }),
);

for (const path of ["/cgi-bin/", "/cgi-bin/none.py", "/cgi-bin/porch.txt", "/cgi-bin/porch.py~"]) {
  test(`${path} is no script, and nothing of one is shown`, () =>
    withDemo(async ({ url }) => {
      const answer = await fetch(url + path);
      assert.equal(answer.status, 404);
      assert.doesNotMatch(await answer.text(), /import os/u);
    }));
}

test("a script that nobody can read is told by its failure, and not shown", () =>
  withTemporaryFolder(async (programs) => {
    // What bin/portico itself needs, and no interpreters.
    for (const name of ["dirname", "readlink"]) {
      await symlink(`/usr/bin/${name}`, join(programs, name));
    }
    await withDemo(
      async ({ url }) => {
        for (const script of SCRIPTS) {
          const headers = { Accept: "application/json" };
          const answer = await fetch(addressOf(url, script, "/about"), { headers });
          assert.equal(answer.status, 403);
          assert.equal(((await answer.json()) as { code: string }).code, "interpreterMissing");
        }
      },
      { PATH: programs },
    );
  }));

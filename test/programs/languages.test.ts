// Scripts in Python and Perl, run by an interpreter and by their own first lines.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withSite, type Site } from "../../src/testing/index.ts";

const SCRIPTS = new URL("scripts", import.meta.url);

const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const noPython = !runs("python3", "-c", "import email") && "no python3 here";
const noPerl = !runs("perl", "-MCGI", "-e1") && "no perl with CGI.pm here";

const CONFIG = `
[[site]]
  [[site.route]]
  path = "/own/*"
  cgi = { root = "scripts" }
  [[site.route]]
  path = "/by/*"
  cgi = { root = "scripts", interpreters = { ".py" = "python3", ".pl" = "perl" } }
`;

function withLanguages(complaints: RegExp, use: (site: Site) => Promise<void>): Promise<void> {
  const make = (folder: string): Promise<void> =>
    cp(SCRIPTS, join(folder, "scripts"), { recursive: true });
  return withSite({ config: CONFIG, make, complaints }, use);
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("a Python script reads a form of several MB", { skip: noPython }, () =>
  withLanguages(/refused:/, async (site) => {
    const [one, two] = [randomBytes(4_000_000), randomBytes(100_000)];
    const form = new FormData();
    form.set("one", new Blob([one]), "one.bin");
    form.set("word", "Grüße");
    form.set("two", new Blob([two]), "two.bin");
    const expected = {
      files: [
        { name: "one.bin", bytes: one.length, sha256: sha256(one) },
        { name: "two.bin", bytes: two.length, sha256: sha256(two) },
      ],
      fields: { word: "Grüße" },
    };
    for (const folder of ["own", "by"]) {
      const answer = await site.fetch(`${folder}/sums.py`, { method: "POST", body: form });
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), expected);
    }

    const whole = new Request("http://localhost", { method: "POST", body: form });
    const chunked = await site.fetch("own/sums.py", {
      method: "POST",
      headers: { "content-type": whole.headers.get("content-type")! },
      body: whole.body!,
      duplex: "half",
    });
    assert.deepEqual(await chunked.json(), expected, "without a length");

    const headers = { "content-type": "text/plain" };
    const none = await site.fetch("own/sums.py", { method: "POST", body: "no form", headers });
    assert.deepEqual([none.status, await none.json()], [400, { error: "no form" }]);
  }),
);

test("a Perl script answers a form by CGI.pm", { skip: noPerl }, () =>
  withLanguages(/nothing to say|form\.pl/, async (site) => {
    for (const folder of ["own", "by"]) {
      const path = `${folder}/form.pl`;
      const { urls } = site.program;
      const got = await site.fetch(`${path}/more?a=1&a=2`, { headers: { cookie: "seen=4" } });
      assert.equal(got.headers.get("content-type"), "text/plain; charset=utf-8");
      assert.match(got.headers.get("set-cookie") ?? "", /^seen=5;/);
      const self = `${urls[0]}/${path}/more?a=1;a=2`;
      assert.equal(await got.text(), `method: GET\npath: /more\nself: ${self}\na: 1, 2\n`);

      const form = new FormData();
      form.set("word", "Grüße");
      form.set("file", new Blob([Buffer.alloc(200_000)]), "zeros.bin");
      const sent = await (await site.fetch(path, { method: "POST", body: form })).text();
      assert.match(sent, /^method: POST\npath: \n/);
      assert.match(sent, /^word: Grüße\nfile: zeros\.bin, 200000 bytes\n$/m);

      const moved = await site.fetch(`${path}?to=/elsewhere%3Fx`);
      assert.deepEqual([moved.status, moved.headers.get("location")], [303, "/elsewhere?x"]);
      assert.equal((await site.fetch(`${path}?die=1`)).status, 502);
    }
  }),
);

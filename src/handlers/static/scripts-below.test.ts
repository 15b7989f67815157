import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../config/index.ts";
import { Failure } from "../../base/failure.ts";
import { servedFolder } from "../../testing/index.ts";
import { staticHandler } from "./handler.ts";
import { options } from "./options.ts";
import { areScripts, scriptsBelow } from "./scripts-below.ts";

const PHP = [".php"];

for (const { folder, suffixes, path, expected } of [
  { folder: "/srv/www/shop", suffixes: PHP, path: "shop/config.php", expected: true },
  { folder: "/srv/www/shop", suffixes: PHP, path: "shop/config.PHP", expected: true },
  { folder: "/srv/www/shop", suffixes: PHP, path: "shop/config.php.gz", expected: true },
  { folder: "/srv/www/shop", suffixes: PHP, path: "shop/i.php/more", expected: true },
  { folder: "/srv/www/shop", suffixes: PHP, path: "shop/logo.png", expected: false },
  { folder: "/srv/www/shop", suffixes: PHP, path: "shop2/x.php", expected: false },
  { folder: "/srv/www/shop", suffixes: PHP, path: "x.php", expected: false },
  { folder: "/srv/www", suffixes: PHP, path: "x.php", expected: true },
  { folder: "/srv", suffixes: PHP, path: "x.php", expected: true },
  { folder: "/other", suffixes: PHP, path: "x.php", expected: false },
  { folder: "/srv/www/cgi", suffixes: null, path: "cgi/x", expected: true },
  { folder: "/srv/www/cgi", suffixes: null, path: "cgi", expected: false },
  { folder: "/srv/www/cgi", suffixes: null, path: "x", expected: false },
  { folder: "/srv/www", suffixes: null, path: "x", expected: false },
  { folder: "/srv", suffixes: null, path: "x", expected: false },
]) {
  test(`${path} below /srv/www, ${suffixes ?? "all"} of ${folder} run: ${expected}`, () => {
    assert.equal(areScripts(path, scriptsBelow("/srv/www", [{ folder, suffixes }])), expected);
  });
}

for (const [path, expected] of [
  ["app.ts", true],
  ["app.ts/more", false],
  ["app.tsx", false],
  ["a/app.ts", false],
] as const) {
  test(`${path} below /srv/www, of which app.ts is run: ${expected}`, () => {
    const file = { folder: "/srv/www/app.ts", suffixes: null, isFile: true };
    assert.equal(areScripts(path, scriptsBelow("/srv/www", [file])), expected);
  });
}

test("a script is not sent by name or by `try`; as an index its route answers", async () => {
  const files = { "shop/i.php": "<?php", "shop/logo.txt": "logo", "i.php": "<?php mine" };
  await using site = await servedFolder(files, (folder, context) => {
    const keys = 'index = ["i.php"]\ntry = ["{path}", "{path}.php"]';
    const toml = `root = ${JSON.stringify(folder)}\n${keys}`;
    const loaded = loadConfig(toml, "static.toml", options);
    if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join());
    const scriptFolders = [{ folder: `${folder}/shop`, suffixes: PHP }];
    return staticHandler(loaded.value, { ...context, scriptFolders });
  });
  for (const target of ["/shop/i.php", "/shop/i", "/shop/i.php/more", "/shop/"]) {
    const answer = await site.ask(target);
    assert.ok(answer instanceof Failure, target);
    assert.equal(answer.code, "forbidden", target);
  }
  assert.deepEqual(site.sentOn, ["/shop/i.php"]);
  assert.equal((await site.get("/shop/logo.txt")).text, "logo");
  assert.equal((await site.get("/i.php")).text, "<?php mine");
});

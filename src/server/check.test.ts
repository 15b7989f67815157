import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Problem } from "../config/index.ts";
import { withTemporaryFolder } from "../testing/index.ts";
import { loadServerConfig } from "./check.ts";

async function problemsOf(text: string): Promise<Problem[]> {
  return withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "www"));
    await writeFile(join(folder, "404.html"), "gone");
    const loaded = loadServerConfig(text, join(folder, "portico.toml"));
    return Array.isArray(loaded) ? loaded : [];
  });
}

const ROUTE = '[[site]]\n[[site.route]]\npath = "/a"\n';
const STATIC = 'static = { root = "www" }\n';

for (const good of [
  "",
  '[[site]]\nroot = "www"\n',
  `${ROUTE}${STATIC}`,
  `${ROUTE}respond = { status = 410 }\nheaders = { X-A = "b" }\nmethods = ["GET"]\n`,
  '[[site]]\nhosts = ["a.test"]\n[[site]]\nhosts = ["*.a.test"]\n[[site]]\n',
  '[[site]]\nroot = "www"\nerrorPages = { "404" = "404.html", 5xx = "404.html" }\n',
  '[log]\naccess = "./std.log"\n',
  '[log]\naccess = "off"\n',
]) {
  test(`${JSON.stringify(good)} is a good config`, async () => {
    assert.deepEqual(await problemsOf(good), []);
  });
}

for (const { text, line, words } of [
  { text: ROUTE, line: 2, words: /no handler.*`static`.*`respond`/ },
  { text: `${ROUTE}${STATIC}redirect = { to = "/b" }\n`, line: 5, words: /one handler/ },
  { text: `${ROUTE}headers = { X-A = "b" }\n`, line: 2, words: /no handler/ },
  { text: `${ROUTE}upload = { to = "www" }\n`, line: 4, words: /upload/ },
  { text: `${ROUTE}${STATIC}[[site.route]]\npath = "/a"\n${STATIC}`, line: 6, words: /never/ },
  { text: '[[site]]\n[[site.route]]\npath = "a"\nrespond = {}\n', line: 3, words: /"a"|`a`/ },
  { text: "[[site]]\n[[site]]\n", line: 2, words: /any host/ },
  { text: '[[site]]\nhosts = ["a.test", "A.test"]\n', line: 2, words: /already/ },
  { text: '[[site]]\nhosts = ["a.test/b"]\n', line: 2, words: /a\.test\/b/ },
  { text: '[[site]]\nerrorPages = { "200" = "404.html" }\n', line: 2, words: /no error status/ },
  { text: '[[site]]\nerrorPages = { "404" = "none.html" }\n', line: 2, words: /none\.html/ },
  { text: '[log]\naccess = "stdrr"\n', line: 2, words: /did you mean "stderr"/ },
  { text: "[session]\nidle = '30m'\n", line: 1, words: /session/ },
  { text: "workers = 2\n", line: 1, words: /workers/ },
]) {
  test(`${JSON.stringify(text)} is told at line ${line}`, async () => {
    const problems = await problemsOf(text);
    assert.equal(problems.length, 1, problems.map(({ message }) => message).join("\n"));
    const [{ line: seen, message, hint }] = problems as [Problem];
    assert.equal(seen, line);
    assert.match(`${message} ${hint ?? ""}`, words);
  });
}

test("problems across keys come all at once, in the order of their lines", async () => {
  const problems = await problemsOf(
    `${ROUTE}[[site.route]]\npath = "/b"\n[[site]]\nerrorPages = { "200" = "404.html" }\n`,
  );
  assert.deepEqual(
    problems.map(({ line }) => line),
    [2, 4, 6, 7],
  );
});

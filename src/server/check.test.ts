import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
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
  '[log]\naccess = "/dev/null"\n',
  '[[listen]]\naddress = "127.0.0.1:0"\n[[listen]]\naddress = "127.0.0.1:0"\n',
  '[timeouts]\nshutdown = "0s"\nheader = "30d"\n',
]) {
  test(`${JSON.stringify(good)} is a good config`, async () => {
    assert.deepEqual(await problemsOf(good), []);
  });
}

for (const { text, line, words } of [
  { text: ROUTE, line: 2, words: /no handler.*`static`.*`respond`/ },
  { text: `${ROUTE}${STATIC}redirect = { to = "/b" }\n`, line: 5, words: /one handler/ },
  { text: `${ROUTE}headers = { X-A = "b" }\n`, line: 2, words: /no handler/ },
  { text: `${ROUTE}upload = { to = "up", mode = "0755" }\n`, line: 4, words: /never to be run/ },
  { text: `${ROUTE}${STATIC}[[site.route]]\npath = "/a"\n${STATIC}`, line: 6, words: /never/ },
  { text: '[[site]]\n[[site.route]]\npath = "a"\nrespond = {}\n', line: 3, words: /"a"|`a`/ },
  { text: "[[site]]\n[[site]]\n", line: 2, words: /any host/ },
  { text: '[[site]]\nhosts = ["a.test", "A.test"]\n', line: 2, words: /already/ },
  { text: '[[site]]\nhosts = ["a.test/b"]\n', line: 2, words: /a\.test\/b/ },
  { text: '[[site]]\nerrorPages = { "200" = "404.html" }\n', line: 2, words: /no error status/ },
  { text: '[[site]]\nerrorPages = { "404" = "none.html" }\n', line: 2, words: /none\.html/ },
  { text: '[log]\naccess = "stdrr"\n', line: 2, words: /did you mean "stderr"/ },
  { text: '[log]\naccess = "of"\n', line: 2, words: /did you mean "off"/ },
  { text: '[log]\naccess = "stdout"\n', line: 2, words: /"\/dev\/stdout"/ },
  { text: '[log]\naccess = "www"\n', line: 2, words: /"www" is a folder/ },
  { text: '[log]\naccess = ""\n', line: 2, words: /"off", "stderr" or a path/ },
  {
    text: '[[listen]]\naddress = 8080\n[[listen]]\naddress = "127.0.0.1:8080"\n',
    line: 4,
    words: /127\.0\.0\.1:8080 is listened on already/,
  },
  { text: '[timeouts]\nheader = "0s"\n', line: 2, words: /from 1ms to 365d/ },
  { text: '[timeouts]\nkeepAlive = "366d"\n', line: 2, words: /from 1ms to 365d/ },
  { text: `${ROUTE}${STATIC}methods = []\n`, line: 5, words: /takes no request/ },
  {
    text: `${ROUTE}${STATIC}headers = { X-A = "b", x-a = "c" }\n`,
    line: 5,
    words: /x-a is X-A in another spelling/,
  },
  { text: `${ROUTE}respond = { status = 204, body = "x" }\n`, line: 4, words: /no content/ },
  { text: `${ROUTE}redirect = { to = "http://exämple.org/" }\n`, line: 4, words: /xn--exmple-cua/ },
  { text: `${ROUTE}static = 5\n`, line: 4, words: /table/ },
  { text: `${ROUTE}sttic = { root = "www" }\n`, line: 4, words: /`static`/ },
  { text: "[[site]]\nhosts = 5\n[[site]]\n", line: 2, words: /list/ },
  { text: "[[site]]\nhosts = [5]\n[[site]]\n", line: 2, words: /text/ },
  { text: "[[site]]\nhosts example\n[[site]]\n", line: 2, words: /`=`/ },
  { text: `${ROUTE}static root\n`, line: 4, words: /`=`/ },
  { text: "[session]\nidle = '30'\n", line: 2, words: /unit/ },
  { text: "workers = 0\n", line: 1, words: /from 1 to 256/ },
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

const SIX = `[limits]
conections = 5

[[site]]
root = "nowhere"

  [[site.route]]
  path = "a*"
  static = { root = "www", list = treu }

  [[site.route]]
  path = "/b"

  [[site.route]]
  path = "/b"
  respond = { body = "b" }
`;

test("mistakes of every kind come all at once", async () => {
  const problems = await problemsOf(SIX);
  assert.deepEqual(
    problems.map(
      ({ line, message }) => `${line}: ${/`\w+`|nowhere|a\*|\bno handler|never/.exec(message)}`,
    ),
    ["2: `conections`", "5: nowhere", "8: a*", "9: `treu`", "11: no handler", "15: never"],
  );
});

test("a page for errors, and a folder, that this user may not read are told", async () => {
  await withTemporaryFolder(async (folder) => {
    await chmod(folder, 0o755);
    await mkdir(join(folder, "www"), { mode: 0o600 });
    await writeFile(join(folder, "404.html"), "gone", { mode: 0o000 });
    const text = '[[site]]\nroot = "www"\nerrorPages = { "404" = "404.html" }\n';
    const said = saidAsNobody(text, join(folder, "portico.toml"));
    assert.deepEqual(said, [
      `2 this user may not look into "www" (${folder}/www: EACCES)`,
      `3 this user may not read "404.html" (${folder}/404.html: EACCES)`,
    ]);
  });
});

/** What a process without root's rights is told: root may read all. */
function saidAsNobody(text: string, file: string): string[] {
  const script = `
    import { loadServerConfig } from ${JSON.stringify(new URL("check.ts", import.meta.url).href)};
    if (process.getuid() === 0) process.setuid(65534);
    const problems = loadServerConfig(process.argv[1], process.argv[2]);
    console.log(JSON.stringify(problems.map(({ line, message }) => line + " " + message)));
  `;
  const args = ["--input-type=module", "-e", script, text, file];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as string[];
}

test("a value without an end does not make the keys below it missing", async () => {
  const site = '[[site]]\nroot = "www"\n[[site.route]]\n';
  const problems = await problemsOf(
    `${site}path = """/hello"\nmethods = ["GET"]\nrespond = { body = "Hello" }\n`,
  );
  assert.ok(problems.length > 0);
  assert.doesNotMatch(problems.map(({ message }) => message).join("\n"), /no handler/);
});

import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { run } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { moveToTemporaryFolder, portico } from "../testing/in-process.ts";

moveToTemporaryFolder();
mkdirSync("public");
writeFileSync("public/page.html", "<h1>a page</h1>");
writeFileSync("site.toml", '[[site]]\nroot = "public"\n');
writeFileSync("odd\x9b.toml", "");

test("--version prints name and version", async () => {
  const { code, out, err } = await portico("--version");
  assert.match(out, /^portico \d+\.\d+\.\d+\S*\n$/);
  assert.deepEqual([code, err], [0, ""]);
});

test("help begins with examples and names the commands that there are", async () => {
  const { code, out, err } = await portico("help");
  assert.ok(out.startsWith("Examples:\n"));
  const listed = [...out.matchAll(/^ {2}(\w+) [^\n]*? {2,}\S/gm)].map(([, name]) => name);
  assert.deepEqual(
    listed.filter((name) => name !== "portico"),
    ["serve", "check", "upload", "verify", "status", "reload", "stop", "session", "help"],
  );
  assert.deepEqual([code, err], [0, ""]);
});

for (const name of "serve check upload verify status reload stop session".split(" ")) {
  test(`help ${name} is what ${name} --help says, examples first`, async () => {
    const [byCommand, byOption] = await Promise.all([
      portico("help", name),
      portico(name, "--help"),
    ]);
    assert.ok(byCommand.out.startsWith("Examples:\n"));
    assert.deepEqual(byCommand, byOption);
    assert.deepEqual([byCommand.code, byCommand.err], [0, ""]);
  });
}

const WRONG: { args: string[]; says: string }[] = [
  { args: [], says: "Usage: portico" },
  { args: ["frobnicate"], says: "unknown command 'frobnicate'" },
  { args: ["sevre"], says: "Did you mean serve?" },
  { args: ["upload"], says: "no http: or https: URL" },
  { args: ["upload", "http://a/"], says: "name a file" },
  { args: ["upload", "public/page.html"], says: "no http: or https: URL" },
  { args: ["upload", "none.txt", "http://a/"], says: 'no file "none.txt"' },
  { args: ["upload", "public", "http://a/"], says: "is a folder" },
  { args: ["upload", "/dev/null", "http://a/"], says: "no plain file" },
  { args: ["upload", "site.toml", "ftp://a/"], says: "no http: or https: URL" },
  { args: ["upload", "site.toml", "http://a:b@c:99999/"], says: "the URL is malformed" },
  { args: ["upload", "site.toml", "public/page.html", "http://a/b"], says: 'ends in "/"' },
  { args: ["upload", "site.toml", "public/../site.toml", "http://a/"], says: "the same name" },
  { args: ["upload", "site.toml", "http://a/", "-H", "no colon"], says: "-H takes" },
  { args: ["upload", "site.toml", "http://a/", "-H", "A: b\nC: d"], says: "-H takes" },
  { args: ["upload", "site.toml", "http://a/", "-H", "content-length: 5"], says: "not to be" },
  { args: ["upload", "site.toml", "http://a/", "--field", "=x"], says: "NAME=VALUE" },
  { args: ["upload", "site.toml", "http://a/", "--nope"], says: "unknown option '--nope'" },
  { args: ["verify", "site.toml"], says: "no http: or https: URL" },
  { args: ["verify", "site.toml", "public/page.html", "http://a/b"], says: 'ends in "/"' },
  { args: ["verify", "site.toml", "http://a/", "--field", "a=b"], says: "unknown option" },
  { args: ["session", "lst"], says: "Did you mean list?" },
  { args: ["help", "sevre"], says: "did you mean serve?" },
  { args: ["help", "frobnicate"], says: "no command" },
  { args: ["--nope"], says: "unknown option '--nope'" },
  { args: ["serve", "--nope"], says: "unknown option '--nope'" },
  { args: ["serve", "--lits"], says: "--list" },
  { args: ["serve", "public", "-w", "0"], says: "from 1 to 256" },
  { args: ["serve", "public", "-w", "257"], says: "from 1 to 256" },
  { args: ["serve", "public", "-w", "many"], says: "-w many" },
  { args: ["serve", "public", "-w", "-1"], says: "-w -1" },
  { args: ["serve", "public", "-w", "1.5"], says: "-w 1.5" },
  { args: ["serve", "public", "more"], says: "too many arguments" },
  { args: ["serve", "public", "-c", "site.toml"], says: "not both" },
  { args: ["serve", "-c", "site.toml", "--list"], says: "`list = true`" },
  { args: ["stop", "now"], says: "too many arguments" },
  { args: ["status", "--dry-run"], says: "unknown option '--dry-run'" },
  { args: ["reload", "-c", "site.toml", "--data", "public"], says: "not both" },
  { args: ["serve", "-c"], says: "argument missing" },
  { args: ["serve", "public", "-l", "127.0.0.1:99999"], says: "not a port" },
  { args: ["serve", "public", "-l", "here"], says: "not an address" },
  { args: ["serve", "public", "-l", "0", "-l", "::1:80"], says: "brackets" },
  { args: ["serve", "public", "--access-log", ""], says: "--access-log" },
  { args: ["serve", "public", "--access-log", "of"], says: '"of" is neither' },
  { args: ["serve", "-c", "none.toml", "--access-log", "stdout"], says: "stdout" },
  { args: ["serve", "public", "--access-log", "-"], says: "--access-log" },
  { args: ["serve", "no-such-folder"], says: 'no folder "no-such-folder"' },
  { args: ["serve", "pubilc"], says: 'did you mean "public"?' },
  { args: ["serve", "public/page.html"], says: "`portico serve public`" },
  { args: ["serve", "public/page.html/x"], says: "no folder" },
  { args: ["serve", "site.toml"], says: "`portico serve -c site.toml`" },
  { args: ["serve", "n".repeat(300)], says: "ENAMETOOLONG" },
  { args: ["check", "--explain"], says: "argument missing" },
  { args: ["check", "-c", "site.toml", "--explain", "GET"], says: "a method and a URL" },
  { args: ["check", "-c", "site.toml", "--explain", "GET /a"], says: "is no URL" },
  { args: ["check", "site.toml"], says: "too many arguments" },
];
for (const { args, says } of WRONG) {
  test(`portico ${args.join(" ").slice(0, 60)} is wrong usage`, async () => {
    const { code, out, err } = await portico(...args);
    assert.ok(err.includes(says), err);
    assert.deepEqual([code, out], [2, ""]);
  });
}

test("--list without a folder is wrong where a portico.toml would be served", async () => {
  mkdirSync("with-config");
  writeFileSync("with-config/portico.toml", "");
  process.chdir("with-config");
  const { code, err } = await portico("serve", "--list");
  process.chdir("..");
  assert.equal(code, 2);
  assert.ok(err.includes("portico.toml"), err);
});

for (const debug of ["", "1"]) {
  test(`a bug is told in words; its stack with PORTICO_DEBUG only (${debug})`, async () => {
    let err = "";
    const broken: Terminal = {
      out: () => {
        throw new Error("something broke");
      },
      err: (text) => (err += text),
      outColor: false,
      errColor: false,
      errColumns: null,
      outLost: async () => null,
    };
    process.env["PORTICO_DEBUG"] = debug;
    const code = await run(["help"], broken);
    delete process.env["PORTICO_DEBUG"];
    assert.equal(code, 1);
    assert.ok(err.startsWith("portico: something broke\n"), err);
    assert.equal(/^ {4}at /m.test(err), debug === "1");
    assert.equal(err.includes("PORTICO_DEBUG=1"), debug === "");
  });
}

test("output that was lost turns a good end into a failed one, in words", async () => {
  let err = "";
  const full: Terminal = {
    out: () => undefined,
    err: (text) => (err += text),
    outColor: false,
    errColor: false,
    errColumns: null,
    outLost: async () => "no space left on device",
  };
  assert.equal(await run(["--version"], full), 1);
  assert.equal(err, "portico: standard output can't be written: no space left on device\n");
});

for (const args of [
  ["serve", "-c", "no\x1b[2J.toml"],
  ["check", "-c", "no\x1b[2J.toml"],
  ["check", "-c", "site.toml", "--explain", "GET http://localhost/\x9b2J"],
  ["check", "-c", "site.toml", "--explain", "GET http://localhost/%c2%9b2J"],
  ["check", "-c", "site.toml", "--json", "--explain", "GET http://localhost/a\u202eb"],
  ["check", "-c", "odd\x9b.toml"],
  ["serve", "no\x9b2J"],
  ["serve", "odd\x9b.toml"],
  ["serve", "-l", "\x9b2J"],
  ["ser\x1b[2Jve"],
  ["serve", "--li\x1b[2Jst"],
]) {
  test(`nothing in ${JSON.stringify(args.join(" "))} steers the terminal`, async () => {
    const { out, err } = await portico(...args);
    assert.notEqual(out + err, "");
    assert.doesNotMatch(out + err, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });
}

for (const again of ["127.0.0.1:8080", "LOCALHOST:80", "unix:./p.sock", "[::1]:80"]) {
  test(`-l ${again} for the second time is wrong usage`, async () => {
    const first = ["-l", "8080", "-l", "localhost:80", "-l", "unix:p.sock", "-l", "[::1]:80"];
    const { code, err } = await portico("serve", "public", ...first, "-l", again);
    assert.equal(code, 2);
    assert.equal(err, `portico: -l ${again}: this address is given twice\n`);
  });
}

const NAMED_CONFIG = [
  { what: "a link that leads nowhere", says: "portico.toml is a link that leads nowhere" },
  { what: "a link to itself", says: "portico.toml can't be read (ELOOP)" },
  { what: "a folder", says: "portico.toml is a folder" },
];
for (const [index, { what, says }] of NAMED_CONFIG.entries()) {
  test(`where portico.toml is ${what}, the folder is not served instead`, async () => {
    const here = `named-${index}`;
    mkdirSync(here);
    if (what === "a folder") mkdirSync(`${here}/portico.toml`);
    else symlinkSync(index === 0 ? "gone" : "portico.toml", `${here}/portico.toml`);
    process.chdir(here);
    const { code, out, err } = await portico("serve", "-l", "0");
    process.chdir("..");
    assert.ok(err.includes(says), err);
    assert.deepEqual([code, out], [78, ""]);
  });
}

// What lies in a folder of scripts and is none never comes out of it, and no script's text does.
import assert from "node:assert/strict";
import { symlink, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { until } from "../../src/testing/index.ts";
import { withScripts } from "./script-site.ts";

const MARK = "SOURCE-MARK-7531";
const RUNS = `#!/bin/sh\n# ${MARK}\nprintf 'Content-Type: text/plain\\n\\nran'\n`;
const SAID = /not run:|can't be started/;

const scripts = {
  "ok.sh": RUNS,
  "noexec.sh": `plain:${RUNS}`,
  "noshebang.sh": RUNS.replace("#!/bin/sh\n", ""),
  "badinterp.sh": RUNS.replace("/bin/sh", "/no/such/interpreter"),
  "byname.odd": `plain:${RUNS}`,
  "data.txt": `plain:${MARK}`,
  "ok.sh.bak": `plain:${RUNS}`,
  "ok.sh~": `plain:${RUNS}`,
  ".hidden.sh": RUNS,
  "run.known": `plain:${RUNS}`,
  "deep/ok.sh": RUNS,
};

const REFUSED: readonly (readonly [path: string, status: number])[] = [
  ["/cgi-bin/noexec.sh", 403],
  ["/cgi-bin/noexec.sh/more", 403],
  ["/cgi-bin/noshebang.sh", 403],
  ["/cgi-bin/badinterp.sh", 403],
  ["/cgi-bin/byname.odd", 403],
  ["/cgi-bin/data.txt", 403],
  ["/cgi-bin/ok.sh.bak", 403],
  ["/cgi-bin/ok.sh~", 403],
  ["/cgi-bin/.hidden.sh", 404],
  ["/cgi-bin/", 404],
  ["/cgi-bin", 404],
  ["/cgi-bin/deep/", 404],
  ["/cgi-bin/deep", 404],
  ["/cgi-bin/OK.SH", 404],
  ["/cgi-bin/ok.sh%00", 400],
  ["/cgi-bin/ok.sh%00.txt", 400],
  ["/cgi-bin/ok.sh.", 404],
  ["/cgi-bin/ok.sh%20", 404],
  ["/cgi-bin/ok.sh::$DATA", 404],
  ["/cgi-bin//ok.sh", 404],
  ["/cgi-bin/ok.sh%0a", 400],
  ["/cgi-bin/ok.sh;x", 404],
  ["/cgi-bin%2fok.sh", 404],
  ["/cgi-bin%5cok.sh", 404],
  ["/cgi-bin/deep/../noexec.sh", 400],
  ["/cgi-bin/%2e%2e/cgi-bin/noexec.sh", 400],
  ["/cgi-bin/link.sh", 403],
];

test("what is no script is refused, by every method, whole or in ranges", async () => {
  const rules = { scripts, cgi: 'interpreters = { ".odd" = "no-such-program" }', complaints: SAID };
  await withScripts(rules, async (site) => {
    await writeFile(site.path("outside.sh"), RUNS, { mode: 0o755 });
    await symlink("../outside.sh", site.path("cgi-bin/link.sh"));
    for (const [path, expected] of REFUSED) {
      for (const method of ["GET", "POST", "PUT", "PROPFIND"]) {
        const { status, body } = await site.raw(method, path, "x", ["Range: bytes=0-5000"]);
        // What is outside of the route is static, which only GET is for.
        const isOutside = !path.startsWith("/cgi-bin/") && path !== "/cgi-bin";
        const wanted = isOutside && method !== "GET" ? 405 : expected;
        assert.equal(status, wanted, `${method} ${path}`);
        assert.ok(!body.includes(MARK) && !body.includes("ran"), `${method} ${path}`);
      }
    }
    const { status, body } = await site.raw("GET", "/cgi-bin/%6fk.sh", "", ["Range: bytes=0-1"]);
    assert.equal(status, 200, body);
    assert.match(body, /ran/);
  });
});

test("a program that is not installed is named to who asks for the reason", async () => {
  const rules = { scripts, cgi: 'interpreters = { ".odd" = "no-such-program" }', complaints: SAID };
  await withScripts(rules, async (site) => {
    const answer = await site.fetch("cgi-bin/byname.odd", {
      headers: { accept: "application/problem+json" },
    });
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /interpreterMissing/);
    await until(() => site.program.stderr().includes("there is no no-such-program"));
  });
});

test("an interpreter that the route names runs what has no x bit", async () => {
  const interpreters = 'interpreters = { ".known" = "sh", ".odd" = "/bin/sh" }';
  await withScripts({ scripts, cgi: interpreters }, async (site) => {
    for (const name of ["run.known", "byname.odd"]) {
      assert.equal(await (await site.fetch(`cgi-bin/${name}`)).text(), "ran");
    }
  });
});

test("another route that serves a folder around it sends no file of it", async () => {
  const routes = `
  [[site.route]]
  path = "/all/*"
  static = { root = ".", list = true }
  [[site.route]]
  path = "/meant/*"
  static = { root = ".", sources = true }
  [[site.route]]
  path = "/own/*"
  static = { root = "cgi-bin" }
  [[site.route]]
  path = "/some/*.cgi" # runs some files of its folder only
  cgi = { root = "public" }
`;
  await withScripts({ scripts, routes }, async (site) => {
    for (const name of ["ok.sh", "data.txt", "deep/ok.sh", "deep/", "", "%6fk.sh"]) {
      const { status, body } = await site.raw("GET", `/all/cgi-bin/${name}`, "");
      assert.equal(status, 403, name);
      assert.ok(!body.includes(MARK), name);
    }
    const beside = await site.raw("GET", "/all/public/target.txt", "");
    assert.match(beside.body, /the target/);
    for (const path of ["/meant/cgi-bin/ok.sh", "/own/ok.sh"]) {
      const { status, body } = await site.raw("GET", path, "");
      assert.equal(status, 200, path);
      assert.ok(body.includes(MARK), "whoever names the folder itself, or its sources, means them");
    }
  });
});

// What a script is given: variables, arguments, descriptors, folder.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withScripts, type ScriptSite } from "./script-site.ts";

const TELL = `#!/usr/bin/python3
import json, os, sys
fds = {}
for name in os.listdir("/proc/self/fd"):
    try: fds[name] = os.readlink("/proc/self/fd/" + name)
    except OSError: pass
body = sys.stdin.buffer.read(int(os.environ.get("CONTENT_LENGTH") or 0))
print("Content-Type: application/json\\n")
print(json.dumps({"env": dict(os.environ), "args": sys.argv[1:], "cwd": os.getcwd(), "fds": fds,
    "leads": os.getpid() == os.getpgid(0), "status": open("/proc/self/status").read(),
    "body": body.decode("latin-1")}))
`;

interface Told {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly fds: Readonly<Record<string, string>>;
  readonly leads: boolean;
  readonly status: string;
  readonly body: string;
}

async function told(site: ScriptSite, path: string, init: RequestInit = {}): Promise<Told> {
  const answer = await site.fetch(path, init);
  assert.equal(answer.status, 200, path);
  return (await answer.json()) as Told;
}

const scripts = { "tell.py": TELL, "deep/er/tell.py": TELL, "folder/index.py": TELL };

test("the variables of a request, and no others but those of its fields", async () => {
  const rules = { scripts, cgi: 'env = { OWN = "yes", SERVER_SOFTWARE = "mine" }' };
  await withScripts(rules, async (site) => {
    const target = "cgi-bin/tell.py/a%20b/c%C3%BC%2Bd?x=1+2&y=%20%26&z";
    const { env } = await told(site, target, { headers: { "x-one": "1" } });
    const { port } = site.program;
    const { PATH, REMOTE_PORT, ...fixed } = Object.fromEntries(
      Object.entries(env).filter(([name]) => !name.startsWith("HTTP_") && name !== "LC_CTYPE"),
    );
    assert.ok(PATH?.includes("/usr/bin"));
    assert.match(REMOTE_PORT ?? "", /^\d+$/);
    assert.deepEqual(fixed, {
      OWN: "yes",
      GATEWAY_INTERFACE: "CGI/1.1",
      SERVER_SOFTWARE: "mine",
      REDIRECT_STATUS: "200",
      DOCUMENT_ROOT: site.path("public"),
      SCRIPT_NAME: "/cgi-bin/tell.py",
      SCRIPT_FILENAME: site.path("cgi-bin/tell.py"),
      PATH_INFO: "/a b/cü+d",
      PATH_TRANSLATED: site.path("public/a b/cü+d"),
      REQUEST_METHOD: "GET",
      REQUEST_URI: `/${target}`,
      QUERY_STRING: "x=1+2&y=%20%26&z",
      SERVER_PROTOCOL: "HTTP/1.1",
      REQUEST_SCHEME: "http",
      SERVER_NAME: "127.0.0.1",
      SERVER_PORT: String(port),
      SERVER_ADDR: "127.0.0.1",
      REMOTE_ADDR: "127.0.0.1",
    });
    assert.equal(env["HTTP_X_ONE"], "1");
    assert.equal(env["HTTP_HOST"], `127.0.0.1:${port}`);
  });
});

test("nothing of the server's environment is a script's, nor its descriptors", async () => {
  const rules = { scripts, env: { SECRET_OF_THE_SERVER: "x", NODE_NO_WARNINGS: "1" } };
  await withScripts(rules, async (site) => {
    const { env, fds, leads, status, args, cwd } = await told(site, "cgi-bin/tell.py?-s+-d");
    for (const name of ["SECRET_OF_THE_SERVER", "HOME", "NODE_NO_WARNINGS", "OLDPWD", "USER"]) {
      assert.ok(!(name in env), name);
    }
    const more = Object.entries(fds).filter(([n, to]) => Number(n) > 2 && !to.startsWith("/proc/"));
    assert.deepEqual(more, []);
    assert.ok(leads, "it leads its process group");
    for (const set of ["SigBlk", "SigIgn"]) {
      const hex = new RegExp(`^${set}:\\s*([0-9a-f]+)$`, "m").exec(status)![1]!;
      // Python ignores SIGPIPE (13) and SIGXFSZ (25) by itself.
      assert.equal(BigInt(`0x${hex}`) & ~0x1001000n, 0n, set);
    }
    assert.deepEqual(args, []);
    assert.equal(cwd, site.path("cgi-bin"));
  });
});

test("a shell ignores no signal that the server ignores", async () => {
  const shell = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
exec grep -E '^Sig(Blk|Ign)' /proc/self/status
`;
  await withScripts({ scripts: { "signals.sh": shell } }, async (site) => {
    const text = await (await site.fetch("cgi-bin/signals.sh")).text();
    assert.match(text, /^SigBlk:\s0+\nSigIgn:\s0+\n$/);
  });
});

test("a script in a deeper folder runs there, and a folder's index stands for it", async () => {
  await withScripts({ scripts }, async (site) => {
    const deep = await told(site, "cgi-bin/deep/er/tell.py/p");
    assert.equal(deep.cwd, site.path("cgi-bin/deep/er"));
    assert.equal(deep.env["SCRIPT_NAME"], "/cgi-bin/deep/er/tell.py");
    assert.equal(deep.env["PATH_INFO"], "/p");
    const index = await told(site, "cgi-bin/folder/?a");
    assert.equal(index.env["SCRIPT_NAME"], "/cgi-bin/folder/index.py");
    assert.ok(!("PATH_INFO" in index.env));
    const moved = await site.fetch("cgi-bin/folder?a");
    assert.deepEqual([moved.status, moved.headers.get("location")], [301, "/cgi-bin/folder/?a"]);
  });
});

test("any method comes with its body, but those that no program gets", async () => {
  await withScripts({ scripts }, async (site) => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "PROPFIND", "X-OWN"]) {
      const headers = { "content-type": "text/plain" };
      const { env, body } = await told(site, "cgi-bin/tell.py", { method, body: "a=1", headers });
      const { REQUEST_METHOD, CONTENT_LENGTH, CONTENT_TYPE } = env;
      assert.deepEqual(
        [REQUEST_METHOD, CONTENT_LENGTH, CONTENT_TYPE, body],
        [method, "3", "text/plain", "a=1"],
      );
    }
    assert.equal((await site.raw("TRACE", "/cgi-bin/tell.py")).status, 405);
  });
});

test("one script answers for a whole route", async () => {
  const routes = `  [[site.route]]
  path = "/one/*"
  cgi = { script = "cgi-bin/tell.py", passAuthorization = true }
  [[site.route]]
  path = "/exact"
  cgi = { script = "cgi-bin/tell.py" }
`;
  await withScripts({ scripts, routes }, async (site) => {
    const headers = { authorization: "Basic QQ==" };
    const { env } = await told(site, "one/repo.git/.hidden?x", { headers });
    assert.equal(env["SCRIPT_NAME"], "/one");
    assert.equal(env["PATH_INFO"], "/repo.git/.hidden");
    assert.equal(env["HTTP_AUTHORIZATION"], "Basic QQ==");
    assert.ok(!("PATH_INFO" in (await told(site, "one")).env));
    const exact = await told(site, "exact", { headers });
    assert.equal(exact.env["SCRIPT_NAME"], "/exact");
    assert.ok(!("HTTP_AUTHORIZATION" in exact.env));
  });
});

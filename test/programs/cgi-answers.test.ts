// What scripts answer, as a client sees it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Site } from "../../src/testing/index.ts";
import { withScripts } from "./script-site.ts";

/** Prints what its query says, backslash escapes filled in. */
const SAY = `#!/usr/bin/python3
import os, sys, urllib.parse
sys.stdout.buffer.write(urllib.parse.unquote_to_bytes(os.environ["QUERY_STRING"]))
`;

/** Standard error is no part of the answer, and is told in the log: which is what is expected. */
const TOLD = /\/cgi-bin\/|was cut short|a program named/;

function say(site: Site, text: string, init: RequestInit = {}): Promise<Response> {
  return site.fetch(`cgi-bin/say.py?${encodeURIComponent(text)}`, init);
}

test("answers of every kind come as the script means them", async () => {
  await withScripts({ scripts: { "say.py": SAY } }, async (site) => {
    const missing = await say(site, "Status: 404 Not Here\nContent-Type: text/plain\n\nnope");
    assert.equal(missing.status, 404);
    assert.equal(await missing.text(), "nope");
    assert.equal(missing.headers.get("status"), null);

    const cookies = await say(site, "Set-Cookie: a=1\nSet-Cookie: b=2, x\nContent-Type: a/b\n\n");
    assert.deepEqual(cookies.headers.getSetCookie(), ["a=1", "b=2, x"]);

    const nothing = await say(site, "Status: 204\r\n\r\n");
    assert.equal(nothing.status, 204);

    const away = await say(site, "Location: http://example.org/x?y=1\n\n");
    assert.equal(away.status, 302);
    assert.equal(away.headers.get("location"), "http://example.org/x?y=1");

    const here = await say(site, "Location: /target.txt\n\n");
    assert.equal(here.status, 200);
    assert.equal(await here.text(), "the target");

    const known = await say(site, "Content-Type: a/b\nContent-Length: 3\n\nabcdef");
    assert.equal(known.headers.get("content-length"), "3");
    assert.equal(await known.text(), "abc");
  });
});

test("fields of the connection are the server's, whatever the script says", async () => {
  await withScripts({ scripts: { "say.py": SAY } }, async (site) => {
    const text =
      "Content-Type: a/b\nConnection: upgrade\nKeep-Alive: x\nTransfer-Encoding: chunked\n\n" +
      "5\r\nhello\r\n0\r\n\r\n";
    const answered = await site.raw("GET", `/cgi-bin/say.py?${encodeURIComponent(text)}`);
    assert.match(answered.head, /^HTTP\/1\.1 200 /);
    assert.doesNotMatch(answered.head, /upgrade|Keep-Alive/i);
    assert.match(answered.body, /5\r\nhello\r\n0\r\n\r\n/);
  });
});

const NO_ANSWERS: readonly (readonly [name: string, output: string])[] = [
  ["nothing", ""],
  ["no head", "just text"],
  ["an empty head", "\n\nbody"],
  ["no Content-Type", "X-A: 1\n\nbody"],
  ["a head that does not end", "Content-Type: text/plain\n"],
  ["a status that is no number", "Status: abc\nContent-Type: text/plain\n\nx"],
  ["a status that is none", "Status: 99\nContent-Type: text/plain\n\nx"],
  ["a line without a colon", "Content-Type: text/plain\nno colon here\n\nx"],
  ["a name with a blank", "Content-Type: text/plain\nX Y: 1\n\nx"],
  ["a NUL", "Content-Type: text/plain\nX-A: a\0b\n\nx"],
  ["a length that is none", "Content-Type: text/plain\nContent-Length: abc\n\nx"],
];
test("what is no answer is 502, which shows nothing from inside", async () => {
  await withScripts({ scripts: { "say.py": SAY }, complaints: TOLD }, async (site) => {
    for (const [name, output] of NO_ANSWERS) {
      const answer = await say(site, output);
      const text = await answer.text();
      assert.equal(answer.status, 502, name);
      assert.ok(!text.includes(site.folder), name);
    }
  });
});

test("a head of 3 MB is 502, and the script is ended", async () => {
  const script = "#!/usr/bin/python3\nprint('X-A: ' + 'a' * 3_000_000 + '\\n\\nx')\n";
  await withScripts({ scripts: { "big.py": script }, complaints: TOLD }, async (site) => {
    assert.equal((await site.fetch("cgi-bin/big.py")).status, 502);
  });
});

/** It is seen to be broken: by its status, where that was known in time, or as it is cut. */
async function assertBroken(answer: Response): Promise<void> {
  if (answer.status !== 502) await assert.rejects(answer.text());
}

test("an answer that is shorter than its length never looks whole", async () => {
  await withScripts({ scripts: { "say.py": SAY }, complaints: TOLD }, async (site) => {
    await assertBroken(await say(site, "Content-Type: a/b\nContent-Length: 100\n\nonly this"));
  });
});

test("an answer without a length never looks whole where a signal ended the script", async () => {
  const script =
    "#!/usr/bin/python3\nimport os, sys\n" +
    "sys.stdout.write('Content-Type: a/b\\n\\nhalf')\nsys.stdout.flush()\n" +
    "os.kill(os.getpid(), 9)\n";
  await withScripts({ scripts: { "dies.py": script }, complaints: TOLD }, async (site) => {
    await assertBroken(await site.fetch("cgi-bin/dies.py"));
  });
});

test("an answer that a signal ends behind its beginning is cut", async () => {
  const script = `#!/bin/sh
printf 'Content-Type: a/b\\n\\nhalf'
until [ -e "$QUERY_STRING" ]; do sleep 0.02; done
kill -9 $$
`;
  await withScripts({ scripts: { "dies.sh": script }, complaints: TOLD }, async (site) => {
    const answer = await site.fetch(`cgi-bin/dies.sh?${site.path("public/go")}`);
    assert.equal(answer.status, 200);
    await site.make("public/go", "");
    await assert.rejects(answer.text());
  });
});

test("how a script ends does not matter behind a whole answer", async () => {
  const script = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nwhole'\nexit 3\n";
  await withScripts({ scripts: { "late.sh": script } }, async (site) => {
    assert.equal(await (await site.fetch("cgi-bin/late.sh")).text(), "whole");
  });
});

test("a HEAD has no content, and what follows it on the connection is in step", async () => {
  await withScripts({ scripts: { "say.py": SAY } }, async (site) => {
    const connection = await site.open();
    const target = `/cgi-bin/say.py?${encodeURIComponent("Content-Type: a/b\n\nbody")}`;
    await connection.send(`HEAD ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await connection.until("\r\n\r\n");
    await connection.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const received = await connection.untilEnd();
    connection.close();
    assert.equal(received.split("HTTP/1.1 200").length, 3);
    assert.match(received, /\r\n\r\n(?:body|4\r\nbody\r\n0\r\n\r\n)$/); // as it came
  });
});

test("a local redirect carries path info and query, and is a GET without content", async () => {
  const environment = `#!/usr/bin/python3
import os, json
names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "REQUEST_URI")
print("Content-Type: application/json\\n")
print(json.dumps({name: os.environ.get(name) for name in names}))
`;
  await withScripts({ scripts: { "say.py": SAY, "env.py": environment } }, async (site) => {
    const to = "Location: /cgi-bin/env.py/pi?q=a%20b\n\n";
    const answer = await say(site, to, { method: "POST", body: "x=1" });
    assert.deepEqual(await answer.json(), {
      REQUEST_METHOD: "GET",
      PATH_INFO: "/pi",
      QUERY_STRING: "q=a%20b",
      CONTENT_LENGTH: null,
      REQUEST_URI: `/cgi-bin/say.py?${encodeURIComponent(to)}`,
    });
    assert.equal((await say(site, "Location: /nowhere\n\n")).status, 404);
  });
});

test("an endless local redirect ends", async () => {
  const script = "#!/bin/sh\nprintf 'Location: /cgi-bin/loop.sh\\n\\n'\n";
  await withScripts({ scripts: { "loop.sh": script }, complaints: TOLD }, async (site) => {
    assert.ok((await site.fetch("cgi-bin/loop.sh")).status >= 500);
  });
});

test("the first bytes come before the script ends", async () => {
  const script = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\nfirst'
until [ -e "$QUERY_STRING" ]; do sleep 0.02; done
printf ' last'
`;
  await withScripts({ scripts: { "slow.sh": script } }, async (site) => {
    const answer = await site.fetch(`cgi-bin/slow.sh?${site.path("public/go")}`);
    const reader = answer.body!.getReader();
    assert.equal(Buffer.from((await reader.read()).value).toString(), "first");
    await site.make("public/go", "");
    assert.equal(Buffer.from((await reader.read()).value).toString(), " last");
    assert.equal((await reader.read()).done, true);
  });
});

test("a script names a file in place of sending it", async () => {
  const accel = `#!/bin/sh
printf 'Content-Type: text/x-own\\nX-Accel-Redirect: /inner/target.txt\\n\\n'
`;
  const path = `#!/bin/sh
printf 'Content-Type: text/plain\\nX-Sendfile: %s\\n\\n' "$QUERY_STRING"
`;
  const routes = `  [[site.route]]
  path = "/inner/*"
  internal = true
  static = { root = "public" }
`;
  const rules = {
    scripts: { "accel.sh": accel, "path.sh": path },
    cgi: 'sendFiles = ["public"]',
    routes,
    complaints: TOLD,
  };
  await withScripts(rules, async (site) => {
    const inner = await site.fetch("cgi-bin/accel.sh", { headers: { range: "bytes=4-" } });
    assert.equal(inner.status, 206);
    assert.equal(inner.headers.get("content-type"), "text/x-own");
    assert.equal(await inner.text(), "target");
    assert.equal((await site.fetch("inner/target.txt")).status, 404, "not from outside");

    const named = await site.fetch(`cgi-bin/path.sh?${site.path("public/target.txt")}`);
    assert.equal(await named.text(), "the target");
    const outside = await site.fetch("cgi-bin/path.sh?/etc/passwd");
    assert.equal(outside.status, 502);
    assert.doesNotMatch(await outside.text(), /root:/);
  });
});

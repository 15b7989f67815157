// How many scripts run at once, what waits for them, and what bodies do meanwhile.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { answerOn, until } from "../../src/testing/index.ts";
import { withScripts } from "./script-site.ts";

/** Notes how many of its kind run at once, in a folder that its query names. */
const COUNTED = `#!/usr/bin/python3
import os, time
folder = os.environ["QUERY_STRING"]
mine = os.path.join(folder, str(os.getpid()))
open(mine, "w").close()
seen = len(os.listdir(folder))
time.sleep(0.05)
os.unlink(mine)
print("Content-Type: text/plain\\n\\n%d" % seen, end="")
`;

const HELD = `#!/bin/sh
: > "$QUERY_STRING.$$"
until [ -e "$QUERY_STRING" ]; do sleep 0.02; done
printf 'Content-Type: text/plain\\n\\ndone'
`;

const SUM = `#!/usr/bin/python3
import hashlib, os, sys, json
body = sys.stdin.buffer.read()
print("Content-Type: application/json\\n")
print(json.dumps({"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest(),
    "length": os.environ.get("CONTENT_LENGTH"), "te": os.environ.get("HTTP_TRANSFER_ENCODING")}))
`;

const QUICK = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nquick'\n";

test("of 200 requests at once 8 run, over both workers, and all are answered", async () => {
  const rules = { scripts: { "counted.py": COUNTED }, cgi: "concurrency = 8" };
  await withScripts(rules, async (site) => {
    const folder = site.path("running");
    await site.makeFolder("running");
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const answer = await site.fetch(`cgi-bin/counted.py?${folder}`);
        assert.equal(answer.status, 200);
        return Number(await answer.text());
      }),
    );
    assert.ok(Math.max(...answers) <= 8, `${Math.max(...answers)} ran at once`);
    assert.ok(Math.max(...answers) > 1, "they run side by side");
  });
});

test("beyond the queue, and beyond its wait, requests are told to come again", async () => {
  const rules = {
    scripts: { "held.sh": HELD },
    cgi: 'concurrency = 1, queue = 1, queueWait = "300ms"',
    workers: 1,
  };
  await withScripts(rules, async (site) => {
    const target = `cgi-bin/held.sh?${site.path("go")}`;
    const first = site.fetch(target);
    await until(async () => (await site.names("go.")).length === 1);
    const second = site.fetch(target);
    const third = await Promise.race([second, site.fetch(target)]);
    assert.equal(third.status, 503);
    assert.match(third.headers.get("retry-after") ?? "", /^\d+$/);
    assert.equal((await second).status, 503, "its wait is over");
    await site.make("go", "");
    assert.equal(await (await first).text(), "done");
  });
});

test("slow senders hold no script: others are answered meanwhile", async () => {
  const rules = { scripts: { "sum.py": SUM, "quick.sh": QUICK }, cgi: "concurrency = 1" };
  await withScripts(rules, async (site) => {
    const slow = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const connection = await site.open();
        const length = n % 2 === 0 ? "Content-Length: 6" : "Transfer-Encoding: chunked";
        await connection.send(
          "POST /cgi-bin/sum.py HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
            `${length}\r\n\r\n${n % 2 === 0 ? "abc" : "3\r\nabc\r\n"}`,
        );
        return connection;
      }),
    );
    assert.equal(await (await site.fetch("cgi-bin/quick.sh")).text(), "quick");
    for (const [n, connection] of slow.entries()) {
      await connection.send(n % 2 === 0 ? "def" : "3\r\ndef\r\n0\r\n\r\n");
      const { status, body } = await answerOn(connection);
      assert.equal(status, 200);
      assert.match(body, /"bytes": 6/);
    }
  });
});

test("large bodies arrive whole, with their length, chunked ones too", async () => {
  await withScripts({ scripts: { "sum.py": SUM } }, async (site) => {
    for (const bytes of [1, 65_535, 65_536, 65_537, 20 * 1024 * 1024]) {
      const body = randomBytes(bytes);
      const sha256 = createHash("sha256").update(body).digest("hex");
      const expected = { bytes, sha256, length: String(bytes), te: null };
      const sent = await site.fetch("cgi-bin/sum.py", { method: "POST", body });
      assert.deepEqual(await sent.json(), expected);
      const chunked = new Blob([body]).stream();
      const init = { method: "POST", body: chunked, duplex: "half" } as RequestInit;
      assert.deepEqual(await (await site.fetch("cgi-bin/sum.py", init)).json(), expected);
    }
  });
});

test("a body beyond limits.bodyBytes is 413, announced or not, and no script runs", async () => {
  const script = '#!/bin/sh\n: > "$QUERY_STRING"\nprintf "Content-Type: a/b\\n\\n"\n';
  const rules = { scripts: { "ran.sh": script }, head: '[limits]\nbodyBytes = "64 KiB"\n' };
  await withScripts(rules, async (site) => {
    const target = `cgi-bin/ran.sh?${site.path("ran")}`;
    const body = Buffer.alloc(100_000);
    assert.equal((await site.fetch(target, { method: "POST", body })).status, 413);
    const chunked = { method: "POST", body: new Blob([body]).stream(), duplex: "half" };
    assert.equal((await site.fetch(target, chunked as RequestInit)).status, 413);
    assert.deepEqual(await site.names("ran"), []);
  });
});

test("a script that does not read its 20 MB is answered all the same", async () => {
  await withScripts({ scripts: { "quick.sh": QUICK } }, async (site) => {
    const body = Buffer.alloc(20 * 1024 * 1024);
    const answer = await site.fetch("cgi-bin/quick.sh", { method: "POST", body });
    assert.equal(await answer.text(), "quick");
  });
});

test("8 MB go in and out at once", async () => {
  const cat = "#!/bin/sh\nprintf 'Content-Type: application/octet-stream\\n\\n'\nexec cat\n";
  await withScripts({ scripts: { "cat.sh": cat } }, async (site) => {
    const body = randomBytes(8 * 1024 * 1024);
    const answer = await site.fetch("cgi-bin/cat.sh", { method: "POST", body });
    assert.ok(body.equals(Buffer.from(await answer.arrayBuffer())));
  });
});

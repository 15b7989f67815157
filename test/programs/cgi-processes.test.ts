// Scripts that do not behave, and what becomes of their processes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlive, until, type Site } from "../../src/testing/index.ts";
import {
  descriptorsOf,
  processesBelow,
  withScripts,
  written,
  type ScriptSite,
} from "./script-site.ts";

/** Starts a child that stays, notes both numbers in the file of its query, and goes on as told. */
const WITH_CHILD = `#!/bin/sh
sleep 300 &
echo "$$ $!" > "$QUERY_STRING"
`;
const HANGS = `${WITH_CHILD}sleep 300\n`;
const DRIPS = `${WITH_CHILD}printf 'Content-Type: text/plain\\n\\n'
while :; do printf '....................'; sleep 0.05; done
`;
const DEAF = `#!/bin/sh
trap '' TERM
${WITH_CHILD.split("\n").slice(1).join("\n")}while :; do sleep 1; done
`;
const SAID = /\/cgi-bin\/|was cut short/;

async function pidsIn(site: ScriptSite, file: string): Promise<number[]> {
  return (await written(site, file)).split(" ").map(Number);
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) await until(() => !isAlive(pid));
}

/** Nothing is left of what ran: no process, no zombie, no descriptor. */
async function untilQuiet(site: ScriptSite, descriptors: number): Promise<void> {
  const { pid } = site.program;
  await until(async () => (await processesBelow(pid)).length === 0);
  await until(async () => (await descriptorsOf(pid)).length <= descriptors);
}

test("a script that never answers is 504, and gone with all that it started", async () => {
  const rules = {
    scripts: { "hangs.sh": HANGS },
    head: '[timeouts]\nhandler = "500ms"\n',
    complaints: SAID,
  };
  await withScripts(rules, async (site) => {
    assert.equal((await site.fetch(`cgi-bin/hangs.sh?${site.path("pids")}`)).status, 504);
    await untilGone(await pidsIn(site, "pids"));
  });
});

for (const [name, script] of [
  ["hangs", HANGS],
  ["drips", DRIPS],
  ["does not listen to SIGTERM", DEAF],
] as const) {
  test(`a script that ${name} goes with its client, and nobody complains`, async () => {
    await withScripts({ scripts: { "it.sh": script } }, async (site) => {
      const before = (await descriptorsOf(site.program.pid)).length;
      const connection = await site.open();
      await connection.send(
        `GET /cgi-bin/it.sh?${site.path("pids")} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      );
      const pids = await pidsIn(site, "pids");
      connection.close();
      await untilGone(pids);
      await untilQuiet(site, before);
    });
  });
}

test("a client that sends no more counts as gone", async () => {
  await withScripts({ scripts: { "hangs.sh": HANGS }, complaints: SAID }, async (site) => {
    const connection = await site.open();
    await connection.send(
      `GET /cgi-bin/hangs.sh?${site.path("pids")} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    );
    const pids = await pidsIn(site, "pids");
    connection.finish();
    await untilGone(pids);
    assert.equal(await connection.untilEnd(), "");
    connection.close();
  });
});

test("a child that keeps the output open holds no answer", async () => {
  const script = `#!/bin/sh
sleep 300 &
echo "$$ $!" > "$QUERY_STRING"
printf 'Content-Type: text/plain\\n\\nall of it'
`;
  await withScripts({ scripts: { "behind.sh": script } }, async (site) => {
    const answer = await site.fetch(`cgi-bin/behind.sh?${site.path("pids")}`);
    assert.equal(await answer.text(), "all of it");
    await untilGone(await pidsIn(site, "pids"));
  });
});

test("a script that closes its output and goes on is answered, and may end", async () => {
  const script = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\nanswer'
exec >&- 2>&-
until [ -e "$QUERY_STRING" ]; do sleep 0.02; done
echo over > "$QUERY_STRING.over"
`;
  await withScripts({ scripts: { "on.sh": script } }, async (site) => {
    const answer = await site.fetch(`cgi-bin/on.sh?${site.path("go")}`);
    assert.equal(await answer.text(), "answer");
    await site.make("go", "");
    assert.equal(await written(site, "go.over"), "over");
  });
});

for (const [name, head, then] of [
  ["with its output closed", "", "exec >&- 2>&-"],
  ["of a length that it said", "Content-Length: 6\\n", ""],
] as const) {
  test(`one that goes on for ever behind its answer, ${name}, is ended`, async () => {
    const script = `#!/bin/sh
printf 'Content-Type: text/plain\\n${head}\\nanswer'
${then}
sleep 300 &
echo "$$ $!" > "$QUERY_STRING"
sleep 300
`;
    const rules = { scripts: { "on.sh": script }, head: '[timeouts]\nhandler = "500ms"\n' };
    await withScripts(rules, async (site) => {
      const answer = await site.fetch(`cgi-bin/on.sh?${site.path("pids")}`);
      assert.equal(await answer.text(), "answer");
      await untilGone(await pidsIn(site, "pids"));
    });
  });
}

test("one that writes for ever goes on as long as its client reads", async () => {
  const script = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nexec yes\n";
  await withScripts({ scripts: { "yes.sh": script }, complaints: SAID }, async (site) => {
    const { pid } = site.program;
    const before = (await descriptorsOf(pid)).length;
    const connection = await site.open();
    await connection.send("GET /cgi-bin/yes.sh HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => connection.receivedBytes > 1024 * 1024);
    connection.close();
    await untilQuiet(site, before);
  });
});

for (const [method, head] of [
  ["GET", "Content-Type: text/plain\\nContent-Length: 2"],
  ["GET", "Status: 204"],
  ["GET", "Location: /target.txt"],
  ["HEAD", "Content-Type: text/plain"],
] as const) {
  test(`one that writes for ever behind its answer is ended: ${method}, ${head}`, async () => {
    const script = `#!/bin/sh\nprintf '${head}\\n\\n'\nexec yes\n`;
    await withScripts({ scripts: { "yes.sh": script } }, async (site) => {
      const { pid } = site.program;
      const answer = await site.fetch("cgi-bin/yes.sh", { method });
      assert.ok(answer.ok);
      await answer.text();
      await until(async () => (await processesBelow(pid)).length === 0);
    });
  });
}

test("standard error is logged by lines, and a flood of it stops nothing", async () => {
  const scripts = {
    "err.sh":
      "#!/bin/sh\necho one >&2\necho two > /dev/stderr\nprintf 'Content-Type: a/b\\n\\nfine'\n",
    "flood.py":
      "#!/usr/bin/python3\nimport sys\nsys.stderr.write('e' * 3_000_000)\n" +
      "print('Content-Type: a/b\\n\\nfine', end='')\n",
  };
  await withScripts({ scripts, complaints: SAID }, async (site) => {
    assert.equal(await (await site.fetch("cgi-bin/err.sh")).text(), "fine");
    await until(() => /\/cgi-bin\/err\.sh: two$/m.test(site.program.stderr()));
    assert.match(site.program.stderr(), /\/cgi-bin\/err\.sh: one$/m);
    assert.equal(await (await site.fetch("cgi-bin/flood.py")).text(), "fine");
  });
});

test("scripts by the hundred leave no zombie and no descriptor", async () => {
  const script = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nok'\nexit $QUERY_STRING\n";
  await withScripts({ scripts: { "ok.sh": script } }, async (site) => {
    await site.fetch("cgi-bin/ok.sh?0");
    const before = (await descriptorsOf(site.program.pid)).length;
    for (let round = 0; round < 10; round += 1) {
      const answers = Array.from({ length: 20 }, (_, n) => site.fetch(`cgi-bin/ok.sh?${n % 2}`));
      for (const answer of await Promise.all(answers)) assert.equal(await answer.text(), "ok");
    }
    await untilQuiet(site, before + 4);
  });
});

test("a stop waits for scripts under way, and ends those that take too long", async () => {
  const scripts = {
    "waits.sh": `#!/bin/sh
echo x > "$QUERY_STRING.runs"
until [ -e "$QUERY_STRING" ]; do sleep 0.02; done
printf 'Content-Type: text/plain\\n\\nslept'
`,
    "hangs.sh": HANGS,
  };
  const rules = { scripts, head: '[timeouts]\nshutdown = "2s"\n', complaints: SAID };
  await withScripts(rules, async (site) => {
    const waits = site.fetch(`cgi-bin/waits.sh?${site.path("go")}`);
    const hangs = site.fetch(`cgi-bin/hangs.sh?${site.path("pids")}`).catch(() => null);
    await written(site, "go.runs");
    const pids = await pidsIn(site, "pids");
    const stopped = site.program.stop();
    await site.make("go", "");
    assert.equal(await (await waits).text(), "slept");
    assert.equal(await stopped, 0);
    await hangs;
    await untilGone(pids);
  });
});

test("a server that is ended at once takes its scripts with it", async () => {
  const rules = { scripts: { "deaf.sh": DEAF }, complaints: SAID, status: 143 };
  await withScripts(rules, async (site) => {
    const asked = site.fetch(`cgi-bin/deaf.sh?${site.path("pids")}`).catch(() => null);
    const pids = await pidsIn(site, "pids");
    const stopped = site.program.stop();
    // Two signals that are pending at once count as one (signal(7)).
    await until(() => isClosed(site));
    process.kill(site.program.pid, "SIGTERM");
    await stopped;
    await asked;
    await untilGone(pids);
  });
});

/** Whether nobody is let in any more: the server has begun to stop. */
async function isClosed(site: Site): Promise<boolean> {
  const connection = await site.open().catch(() => null);
  connection?.close();
  return connection === null;
}

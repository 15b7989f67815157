// Apps that fail in every way: what their clients are told, what the log says, and who goes on.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { until, withSite, type Site, type SiteStart } from "../../src/testing/index.ts";

const APP = fileURLToPath(new URL("modules/hostile.ts", import.meta.url));

const SITE = `
data = "data"
[limits]
workerMemory = "192 MiB"
[timeouts]
stuck = "1s"
handler = "1s"
[[site]]
[[site.route]]
path = "/app/*"
app = "${APP}"
[[site.route]]
path = "/small/*"
app = { module = "${APP}", bodyBytes = 5 }
[[site.route]]
path = "/dev/*"
app = { module = "${APP}", dev = true }
[[site.route]]
path = "/text"
respond = { body = "text" }
`;

function withApp(use: (site: Site) => Promise<void>, more: Partial<SiteStart> = {}): Promise<void> {
  return withSite({ config: SITE, complaints: /./, ...more }, use);
}

/** How many complaints begin as notices do: others are their stacks. */
function notices(site: Site): string[] {
  return site.program.complaints().filter((line) => /^\d{4}-/.test(line));
}

for (const [path, told] of [
  ["throws", /Error: thrown <here>[^]*hostile\.ts/],
  ["rejects", /Error: rejected here/],
  ["throws-text", /only text/],
  ["nothing", /this one returned undefined/],
  ["used", /body has been read/],
] as const) {
  test(`an app that ${path}: 500 with an id that the log repeats, and nothing of why`, async () => {
    await withApp(async (site) => {
      const answer = await site.fetch(`app/${path}`);
      assert.equal(answer.status, 500);
      const id = answer.headers.get("x-request-id")!;
      const text = await answer.text();
      assert.match(text, new RegExp(id));
      assert.doesNotMatch(text, /thrown|rejected|returned|hostile/);
      await until(() => told.test(site.program.stderr()));
      assert.match(site.program.stderr(), new RegExp(`error request ${id} failed\\n`));
      assert.equal(await (await site.fetch("app/hello")).text(), "hello");
      assert.equal(notices(site).length, 1);
    });
  });
}

test("where dev is on, a browser sees why, and none of it is markup", async () => {
  await withApp(async (site) => {
    const answer = await site.fetch("dev/throws", { headers: { Accept: "text/html" } });
    assert.equal(answer.status, 500);
    const page = await answer.text();
    assert.match(page, /Error: thrown &lt;here&gt;/);
    assert.match(page, /hostile\.ts:\d+:\d+/);
    assert.doesNotMatch(page, /<here>/);
    const json = await site.fetch("dev/nothing", { headers: { Accept: "application/json" } });
    assert.match(((await json.json()) as { title: string }).title, /returned undefined/);
  });
});

for (const path of ["mid-stream", "mid-stream-known", "stream-of-objects", "short"]) {
  test(`${path}: an answer that breaks off is seen to, and is logged once`, async () => {
    await withApp(async (site) => {
      const answer = await site.fetch(`app/${path}`);
      assert.equal(answer.status, 200);
      await assert.rejects(answer.text());
      await until(() => notices(site).length > 0);
      assert.equal(notices(site).length, 1);
      assert.match(notices(site)[0]!, /request \S+ was cut short: /);
    });
  });
}

test("of a stream that throws the log has the stack", async () => {
  await withApp(async (site) => {
    await assert.rejects((await site.fetch("app/mid-stream")).text());
    await until(() => notices(site).length > 0);
    const told =
      /error request \S+ was cut short: its stream failed\n {2}Error: broke in the middle\n {6}at /;
    assert.match(site.program.stderr(), told);
    assert.match(site.program.stderr(), /hostile\.ts:\d+/);
  });
});

for (const [path, why] of [
  ["exit", /worker \d died and is replaced: it ended by itself/],
  ["loops", /its loop has not turned for 1 s/],
  ["timer", /thrown in a timer/],
  ["objects", /it has more memory than 192 MiB|its loop has not turned|memory limit/],
  ["buffers", /it has more memory than 192 MiB/],
] as const) {
  test(`${path}: costs a worker, and nobody else's requests`, async () => {
    await withApp(async (site) => {
      const lost = site.fetch(`app/${path}`).then(
        (answer) => answer.text(),
        () => "lost",
      );
      await until(() => why.test(site.program.stderr()));
      // Where the machine is slow, its deadline comes before it has too much memory.
      assert.match(await lost, /^(?:lost|timed|504 .*)/);
      const { pid } = site.program;
      for (let at = 0; at < 20; at += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one behind the other
        assert.equal(await (await site.fetch("app/hello")).text(), "hello");
      }
      assert.equal(site.program.pid, pid);
      assert.equal(notices(site).length, 1);
    });
  });
}

test("a rejection that nobody asked for costs a line, and no worker", async () => {
  await withApp(
    async (site) => {
      for (let at = 0; at < 3; at += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one behind the other
        assert.equal(await (await site.fetch("app/leaks")).text(), "leaked");
      }
      await until(() => notices(site).length === 3);
      assert.match(site.program.stderr(), /nobody had asked for it\n {2}Error: leaked <rejection>/);
      assert.doesNotMatch(site.program.stderr(), /died/);
    },
    { workers: 1 },
  );
});

test("an answer that never comes is 504", async () => {
  await withApp(async (site) => {
    assert.equal((await site.fetch("app/never")).status, 504);
  });
});

test("a body beyond the route's bound is 413, announced or not", async () => {
  await withApp(async (site) => {
    const announced = await site.fetch("small/body", { method: "POST", body: "123456" });
    assert.equal(announced.status, 413);
    const body = new Blob(["123", "456"]).stream();
    const streamed = await site.fetch("small/body", { method: "POST", body, duplex: "half" });
    assert.equal(streamed.status, 413);
    const small = await site.fetch("small/body", { method: "POST", body: "12345" });
    assert.equal(await small.text(), "12345");
    assert.deepEqual(notices(site), []);
  });
});

test("what goes on behind an answer is waited for by a stop", async () => {
  let stderr = (): string => "";
  await withApp(async (site) => {
    assert.equal(await (await site.fetch("app/late")).text(), "started");
    stderr = () => site.program.stderr();
  });
  assert.match(stderr(), /warn request \S+: done behind the answer/);
});

test("what fails behind an answer is logged with its request", async () => {
  await withApp(async (site) => {
    assert.equal(await (await site.fetch("app/late-fails")).text(), "started");
    await until(() => /Error: late and <wrong>/.test(site.program.stderr()));
    assert.match(site.program.stderr(), /error request \S+: what it left behind failed/);
  });
});

for (const method of ["CONNECT", "TRACE"]) {
  test(`${method} reaches no app`, async () => {
    await withApp(async (site) => {
      const { status } = await site.raw(method, "/app/hello");
      assert.ok(status === 405 || status === 501 || status === 400, String(status));
    });
  });
}

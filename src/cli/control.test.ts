import assert from "node:assert/strict";
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { ControlAnswer, ControlRequest } from "../runtime/index.ts";
import { dataPlace } from "../server/index.ts";
import { openedControl } from "../testing/control-socket.ts";
import { moveToTemporaryFolder, portico } from "../testing/in-process.ts";

moveToTemporaryFolder();
mkdirSync("www");
delete process.env["STATE_DIRECTORY"];
process.env["XDG_STATE_HOME"] = resolve("state");

const STATUS = { version: "9", urls: [], workers: [], reloads: [], configFile: null, data: "var" };
const STATUS_NUMBERS = {
  pid: 5,
  startedAt: "2026-11-21T09:30:00.000Z",
  uptimeSeconds: 1,
  connections: 0,
  totals: { accepted: 0, refused: 0, requests: 0, sentBytes: 0, receivedBytes: 0 },
  rates: {
    over10s: { requestsPerSecond: 0, sentBytesPerSecond: 0 },
    overMinute: { requestsPerSecond: 0, sentBytesPerSecond: 0 },
  },
  memoryBytes: 0,
};
const GOOD_STATUS = { ok: true, status: { ...STATUS, ...STATUS_NUMBERS } } as const;
const RELOADED = { ok: true, changed: ["a: 1 -> 2"], restart: [] } as const;

let folders = 0;

/** A folder with a config of that text, whose data folder, `data`, has somebody who answers. */
async function withServer(
  text: string,
  answer: ControlAnswer,
  use: (site: { config: string; data: string; asked: ControlRequest[] }) => Promise<void>,
): Promise<void> {
  folders += 1;
  const [folder, data] = [`site-${folders}`, `site-${folders}/var`];
  mkdirSync(folder);
  mkdirSync(data, { mode: 0o700 });
  chmodSync(data, 0o700);
  const config = join(folder, "portico.toml");
  writeFileSync(config, text);
  const asked: ControlRequest[] = [];
  const control = await openedControl(data, async (request) => {
    asked.push(request);
    return answer;
  });
  try {
    await use({ config, data, asked });
  } finally {
    await control.close();
    control.letGo();
  }
}

test("status finds the server by its config, or by its data folder", () =>
  withServer('data = "var"\n', GOOD_STATUS, async ({ config, data }) => {
    const byConfig = await portico("status", "-c", config);
    assert.match(byConfig.out, /^portico 9, process 5, up 1 s/);
    assert.deepEqual([byConfig.code, byConfig.err], [0, ""]);
    assert.deepEqual(await portico("status", "--data", data), byConfig);
  }));

test("status --json is the status as one value on one line", () =>
  withServer('data = "var"\n', GOOD_STATUS, async ({ config }) => {
    const { code, out } = await portico("status", "-c", config, "--json");
    assert.equal(out.indexOf("\n"), out.length - 1);
    assert.deepEqual([code, JSON.parse(out)], [0, GOOD_STATUS.status]);
  }));

const BROKEN = [
  { name: "an unknown key", text: 'data = "var"\ncolour = "red"\n' },
  { name: "a folder that is gone", text: 'data = "var"\n[[site]]\nroot = "gone"\n' },
  { name: "a line without a value", text: 'requestId =\ndata = "var"\n' },
];
for (const { name, text } of BROKEN) {
  test(`a config with ${name} still leads to its server`, () =>
    withServer(text, RELOADED, async ({ config }) => {
      assert.equal((await portico("reload", "-c", config)).code, 0);
    }));
}

test("reload says what changed, and passes --dry-run on", () =>
  withServer('data = "var"\n', RELOADED, async ({ config, asked }) => {
    const { code, out } = await portico("reload", "-c", config);
    assert.deepEqual([code, out], [0, "reloaded: 1 changed\n  a: 1 -> 2\n"]);
    const dry = await portico("reload", "-c", config, "--dry-run", "--json");
    assert.deepEqual([dry.code, JSON.parse(dry.out)], [0, RELOADED]);
    assert.deepEqual(asked, [
      { command: "reload", dryRun: false },
      { command: "reload", dryRun: true },
    ]);
  }));

test("a reload of a bad config is 78, with the config's problems on standard error", () => {
  const problems = "portico.toml:1:1: error: unknown key\n\x1b[2J";
  const answer = { ok: false, message: "the config is bad", problems } as const;
  return withServer('data = "var"\n', answer, async ({ config }) => {
    const { code, out, err } = await portico("reload", "-c", config);
    assert.deepEqual([code, out], [78, ""]);
    assert.match(err, /^portico\.toml:1:1: error: unknown key\n.*\nportico: the config is bad\n$/);
    assert.ok(!err.includes("\x1b"));
    const json = await portico("reload", "-c", config, "--json");
    assert.deepEqual([json.code, JSON.parse(json.out)], [78, answer]);
  });
});

const COMMANDS = ["status", "reload", "stop"];
for (const command of COMMANDS) {
  test(`${command} where no server runs is 1, and names the folder`, async () => {
    writeFileSync("none.toml", 'data = "nobody"\n');
    const { code, out, err } = await portico(command, "-c", "none.toml");
    assert.deepEqual([code, out], [1, ""]);
    const told = `portico: no server runs on the data folder ${resolve("nobody")}, where this`;
    assert.equal(err, `${told} config says; --data DIR names another\n`);
    const json = await portico(command, "--data", "nobody", "--json");
    const { ok, message } = JSON.parse(json.out) as { ok: boolean; message: string };
    assert.deepEqual([json.code, ok], [1, false]);
    assert.match(message, /no server runs/);
  });

  test(`${command} with a config that can't say where is 78`, async () => {
    writeFileSync("bad.toml", "data = 5\n");
    const bad = await portico(command, "-c", "bad.toml");
    assert.deepEqual([bad.code, bad.out], [78, ""]);
    assert.match(bad.err, /^bad\.toml:1:8: error: /);
    for (const args of [["-c", "missing.toml"], ["-c", "www"], []]) {
      const { code, out, err } = await portico(command, ...args);
      assert.deepEqual([code, out], [78, ""]);
      assert.match(err, /--data DIR/);
    }
  });
}

test("a config without `data` is asked for where its data lies by default", async () => {
  mkdirSync("plain");
  writeFileSync("plain/portico.toml", "");
  const missing = await portico("status", "-c", "plain/portico.toml");
  assert.equal(missing.code, 1);
  assert.match(missing.err, /\/state\/portico\/plain-[0-9a-f]{8}, where .* by default; --data/);
  const place = dataPlace(undefined, realpathSync("plain/portico.toml"), process.env)!;
  mkdirSync(place.path, { recursive: true, mode: 0o700 });
  const control = await openedControl(place.path, () => Promise.resolve(GOOD_STATUS));
  assert.equal((await portico("status", "-c", "plain/portico.toml")).code, 0);
  await control.close();
});

test("where the config can't be read whole, that is said with the folder", async () => {
  writeFileSync("unsure.toml", '"da ta" "var"\n');
  const { code, err } = await portico("stop", "-c", "unsure.toml");
  assert.equal(code, 1);
  assert.match(err, /can't be read whole; --data DIR/);
});

test("stop is good when the server has ended", async () => {
  mkdirSync("data", { mode: 0o700 });
  const control = await openedControl("data", async () => {
    setImmediate(() => void control.close().then(() => control.letGo()));
    return { ok: true, pid: 7 };
  });
  const { code, out } = await portico("stop", "--data", "data");
  assert.deepEqual([code, out], [0, "stopped (process 7)\n"]);
  const again = await portico("stop", "--data", "data");
  assert.equal(again.code, 1);
});

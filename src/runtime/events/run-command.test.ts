import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withTemporaryFolder } from "../../testing/index.ts";
import type { Outcome } from "./outcome.ts";
import { runCommand } from "./run-command.ts";

const NEVER = new AbortController().signal;

async function run(
  command: readonly string[],
  { path = "/srv/a", timeoutMs = 30_000, signal = NEVER, more = "" } = {},
): Promise<{ outcome: Outcome; lines: string[] }> {
  const lines: string[] = [];
  const event = JSON.stringify({ path, more });
  const outcome = await runCommand(command, { event, timeoutMs, signal }, (line) =>
    lines.push(line),
  );
  return { outcome, lines };
}

function whyOf(outcome: Outcome): string {
  return outcome.kind === "again" ? outcome.why : outcome.kind;
}

for (const path of ["/srv/a b", "/srv/$(touch x);&|", "/srv/$&$1", "/srv/-rf", "/srv/\n'\"é"]) {
  test(`${JSON.stringify(path)} is one argument, as it is`, async () => {
    const script = 'printf "%s|" "$@" >&2';
    const { lines } = await run(["sh", "-c", script, "sh", "{path}", "--in={path}{path}"], {
      path,
    });
    assert.equal(lines.join("\n"), `${path}|--in=${path}${path}|`);
  });
}

test("the environment is clean, and the folder is nobody's", async () => {
  process.env["PORTICO_SECRET"] = "x";
  const { lines } = await run(["sh", "-c", "env >&2; pwd >&2"]);
  delete process.env["PORTICO_SECRET"];
  const names = lines.map((line) => line.split("=")[0]).filter((name) => name !== "_");
  assert.deepEqual(new Set(names), new Set(["/", "LANG", "PATH", "PWD"]));
});

test("what it writes is for the log, up to a bound", async () => {
  const { outcome, lines } = await run([
    "sh",
    "-c",
    "echo out; echo one >&2; echo >&2; echo two >&2; head -c 1000000 /dev/zero | tr '\\0' x >&2",
  ]);
  assert.equal(outcome.kind, "done");
  assert.deepEqual(lines.slice(0, 2), ["one", "two"]);
  assert.ok(lines.join("").length <= 4096);
});

test("a program that reads nothing is no failure, however much there is", async () => {
  const { outcome } = await run(["true"], { more: "x".repeat(1_000_000) });
  assert.equal(outcome.kind, "done");
});

for (const [command, why] of [
  [["false"], /^it ended with 1$/],
  [["sh", "-c", "kill -9 $$"], /^SIGKILL ended it$/],
  [["/no/such/program"], /ENOENT/],
  [["/etc"], /EACCES/],
  [["no-such-program-of-any-path"], /ENOENT/],
] as const) {
  test(`${command.join(" ")} is to be tried again`, async () => {
    assert.match(whyOf((await run(command)).outcome), why);
  });
}

test("when its time is up, all that it started is ended, however deaf", async () => {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "pid");
    const script = 'trap "" TERM; (trap "" TERM; sleep 600) & echo $! > "$0"; wait; sleep 600';
    const { outcome } = await run(["sh", "-c", script, file], { timeoutMs: 100 });
    assert.equal(whyOf(outcome), "it took more than 0.1 s");
    const pid = Number(readFileSync(file, "utf8"));
    while (isRunning(pid)) await sleep(5);
  });
});

test("one that leaves somebody behind with its pipe has ended", async () => {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "pid");
    const { outcome } = await run(["sh", "-c", 'sleep 600 & echo $! > "$0"', file]);
    assert.equal(outcome.kind, "done");
    process.kill(Number(readFileSync(file, "utf8")));
  });
});

test("it is ended when the server stops, and never begun behind that", async () => {
  const abort = new AbortController();
  const running = run(["sleep", "600"], { signal: abort.signal });
  abort.abort();
  assert.equal(whyOf((await running).outcome), "the server is stopping");
  const { outcome } = await run(["true"], { signal: abort.signal });
  assert.equal(whyOf(outcome), "the server is stopping");
});

test("where no descriptor is left, it is to be tried again", () => {
  const module = JSON.stringify(new URL("./run-command.ts", import.meta.url).href);
  const script = `
    import { openSync } from "node:fs";
    const { runCommand } = await import(${module});
    try { for (;;) openSync("/dev/null"); } catch {}
    const { signal } = new AbortController();
    const attempt = { event: '{"path":"/a"}', timeoutMs: 9000, signal };
    console.log((await runCommand(["true"], attempt, () => {})).why);`;
  const limited = ["-c", 'ulimit -n 64; exec "$@"', "sh", process.execPath];
  const options = { encoding: "utf8" } as const;
  const said = execFileSync("/bin/sh", [...limited, "--input-type=module", "-e", script], options);
  assert.match(said, /EMFILE/);
});

/** A zombie, which its new parent may not have reaped yet, runs no more. */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, "latin1"));
}

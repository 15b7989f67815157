import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { EXAMPLES } from "./served-example.ts";

test("a program of twenty lines says hello, and ends when it is told to", async () => {
  const program = spawn(
    process.execPath,
    ["--conditions=portico-source", "--no-warnings", join(EXAMPLES, "hello/hello.ts")],
    { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(program, "exit");
  try {
    const [url] = (await once(createInterface(program.stdout), "line")) as [string];
    assert.equal(await (await fetch(url)).text(), "Hello.\n");
    assert.equal(await (await fetch(new URL("/hi/J%C3%BCrg", url))).text(), "Hello, Jürg.\n");
    assert.equal((await fetch(new URL("/hi/", url))).status, 404);
  } finally {
    program.kill("SIGTERM");
  }
  assert.deepEqual(await ended, [0, null]);
});

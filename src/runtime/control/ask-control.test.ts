import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { answerToBytes, connectedTo, lineFor, withControl } from "../../testing/control-socket.ts";
import { withTemporaryFolder } from "../../testing/temporary-folder.ts";
import { askControl } from "./ask-control.ts";
import type { ControlAnswer, ControlRequest } from "./messages.ts";
import { openControl, type ControlHandler } from "./open-control.ts";

const RELOADED = { ok: true, changed: ["a: 1 -> 2"], restart: [] } as const;
const reloads: ControlHandler = () => Promise.resolve(RELOADED);

function never(): Promise<ControlAnswer> {
  return new Promise(() => undefined);
}

test("a request reaches the server, and its answer the command", async () => {
  const asked: ControlRequest[] = [];
  const handle = (request: ControlRequest) => {
    asked.push(request);
    return Promise.resolve(RELOADED);
  };
  await withControl(handle, async (folder) => {
    assert.deepEqual(await askControl(folder, { command: "reload", dryRun: true }), RELOADED);
    assert.deepEqual(await askControl(folder, { command: "reload" }), RELOADED);
    assert.deepEqual(
      asked.map((request) => ({ ...request })),
      [
        { command: "reload", dryRun: true },
        { command: "reload", dryRun: false },
      ],
    );
  });
});

test("a refusal comes with its problems, and any text whole", () => {
  const refusal = { ok: false, message: "bad\u2028\n", problems: "é𝒳\n".repeat(50_000) } as const;
  return withControl(
    () => Promise.resolve(refusal),
    async (folder) => {
      assert.deepEqual(await askControl(folder, { command: "reload" }), refusal);
    },
  );
});

test("no folder, a file and an empty folder are no running server", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "file"), "");
    for (const name of [".", "file", "missing", "missing/below", "a".repeat(200)]) {
      const answer = await askControl(join(folder, name), { command: "status" });
      assert.equal(answer, "notRunning", name);
    }
    assert.match((await openControl(join(folder, "missing"), reloads)) as string, /ENOENT/);
  }));

test("what the server throws is told to the command and the log, and it goes on", async () => {
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const log = { debug: note, info: note, warn: note, error: note };
  const handle = () => Promise.reject(new Error("no such table"));
  await withControl(
    handle,
    async (folder) => {
      const expected = { ok: false, message: "the server failed at it: no such table" };
      assert.deepEqual(await askControl(folder, { command: "status" }), expected);
      assert.deepEqual(await askControl(folder, { command: "stop" }), expected);
      assert.deepEqual(logged, ["control: status failed", "control: stop failed"]);
    },
    { log },
  );
});

test("a stop is over for the command when the server has ended, not before", async () => {
  const handle: ControlHandler = () => Promise.resolve({ ok: true, pid: 7 });
  await withControl(handle, async (folder, control) => {
    const socket = await connectedTo(folder);
    const order: string[] = [];
    const [answered] = await Promise.all([
      once(socket, "data").then(([bytes]) => JSON.parse(String(bytes)) as unknown),
      Promise.resolve(socket.write(lineFor("stop"))),
    ]);
    assert.deepEqual(answered, { ok: true, pid: 7 });
    const stopped = askControl(folder, { command: "stop" }).then((answer) => {
      order.push("command");
      return answer;
    });
    await answerToBytes(folder, "\n"); // behind it in the server's queue
    await control.close();
    order.push("server");
    control.letGo();
    assert.deepEqual(await stopped, { ok: true, pid: 7 });
    assert.deepEqual(order, ["server", "command"]);
    socket.destroy();
  });
});

test("a stop that is refused is over at once", () =>
  withControl(
    () => Promise.resolve({ ok: false, message: "not now" }),
    async (folder) => {
      const answer = await askControl(folder, { command: "stop" });
      assert.deepEqual(answer, { ok: false, message: "not now" });
    },
  ));

test("a server that closes before it answers is told as such", async () => {
  let asked = (): void => undefined;
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  const handle = () => {
    asked();
    return never();
  };
  await withControl(handle, async (folder, control) => {
    const answer = askControl(folder, { command: "status" });
    await wasAsked;
    await control.close();
    const expected = { ok: false, message: "the server ended before it answered" };
    assert.deepEqual(await answer, expected);
  });
});

test("a server that never answers is given up", () =>
  withControl(never, async (folder) => {
    const answer = await askControl(folder, { command: "status" }, { answerMs: 20 });
    assert.ok(answer !== "notRunning" && !answer.ok);
    assert.match(answer.message, /did not answer within/);
  }));

const STRANGE = ["", "\n", "nonsense\n", "[]\n", '{"ok":"yes"}\n', '{"ok":false}\n', '{"ok":true}'];
for (const said of STRANGE) {
  test(`${JSON.stringify(said)} is no answer`, () =>
    withTemporaryFolder(async (folder) => {
      const server = createServer((socket) => socket.end(said).resume());
      server.listen(join(folder, "control.sock"));
      await once(server, "listening");
      const answer = await askControl(folder, { command: "status" });
      server.close();
      assert.ok(answer !== "notRunning" && !answer.ok);
      assert.match(answer.message, /none that this portico can read|ended before/);
    }));
}

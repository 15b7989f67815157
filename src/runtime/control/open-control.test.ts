import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answerToBytes,
  connectedTo,
  lineFor,
  restOf,
  withControl,
} from "../../testing/control-socket.ts";
import { askControl } from "./ask-control.ts";
import type { ControlAnswer, ControlRequest } from "./messages.ts";
import { CLIENTS_MAX, REQUEST_BYTES_MAX, type ControlHandler } from "./open-control.ts";

const RELOADED = { ok: true, changed: ["a: 1 -> 2"], restart: [] } as const;
const reloads: ControlHandler = () => Promise.resolve(RELOADED);

const HOSTILE = [
  { name: "nothing", bytes: "", says: /no end of line/ },
  { name: "half a line", bytes: '{"version":1,"comm', says: /no end of line/ },
  { name: "a whole request without a line feed", bytes: lineFor("status").trim(), says: /no end/ },
  { name: "an empty line", bytes: "\n", says: /no JSON object/ },
  { name: "garbage", bytes: Uint8Array.from([0, 255, 254, 10]), says: /no JSON object/ },
  { name: "a request of HTTP", bytes: "GET / HTTP/1.1\r\n\r\n", says: /no JSON object/ },
  { name: "a list", bytes: "[1]\n", says: /no JSON object/ },
  { name: "null", bytes: "null\n", says: /no JSON object/ },
  { name: "no version", bytes: '{"command":"stop"}\n', says: /version 1/ },
  { name: "a version to come", bytes: '{"version":2,"command":"stop"}\n', says: /version 1/ },
  { name: "no command", bytes: '{"version":1}\n', says: /none of status, reload, stop, sessions/ },
  { name: "another command", bytes: lineFor("__proto__"), says: /none of/ },
  { name: "a list as a command", bytes: '{"version":1,"command":["stop"]}\n', says: /none of/ },
  { name: "dryRun as a text", bytes: lineFor("reload", { dryRun: "no" }), says: /true or false/ },
  {
    name: "a line beyond the bound",
    bytes: `"${"a".repeat(REQUEST_BYTES_MAX)}"\n`,
    says: /longer/,
  },
  { name: "bytes without an end", bytes: "a".repeat(REQUEST_BYTES_MAX * 4), says: /longer/ },
];
for (const { name, bytes, says } of HOSTILE) {
  test(`${name} is refused in words and asks nothing of the server`, async () => {
    const asked: ControlRequest[] = [];
    const handle = (request: ControlRequest) => {
      asked.push(request);
      return Promise.resolve(RELOADED);
    };
    await withControl(handle, async (folder) => {
      const answer = await answerToBytes(folder, bytes);
      assert.ok(!answer.ok);
      assert.match(answer.message, says);
      assert.deepEqual(asked, []);
      assert.deepEqual(await askControl(folder, { command: "reload" }), RELOADED);
    });
  });
}

test("a request may come byte by byte, and what follows it is dropped", async () => {
  let asked = 0;
  const handle = () => {
    asked += 1;
    return Promise.resolve(RELOADED);
  };
  await withControl(handle, async (folder) => {
    const socket = await connectedTo(folder);
    const text = restOf(socket);
    for (const byte of lineFor("reload")) socket.write(byte);
    socket.write(lineFor("stop") + lineFor("stop"));
    assert.deepEqual(JSON.parse(await text), RELOADED);
    assert.equal(asked, 1);
  });
});

test("who says nothing is cut off after the deadline", () =>
  withControl(
    reloads,
    async (folder) => {
      const socket = await connectedTo(folder);
      socket.write('{"vers');
      assert.equal(await restOf(socket), "");
    },
    { requestMs: 20 },
  ));

test("who takes no answer is cut off after the deadline", () =>
  withControl(
    () => Promise.resolve({ ok: false, message: "m".repeat(3_000_000) }),
    async (folder) => {
      const socket = await connectedTo(folder);
      const cut = new Promise((resolve) => socket.on("close", resolve));
      socket.pause().write(lineFor("reload"));
      // Nothing is read, so that only a write finds out that the other end is gone.
      const tries = setInterval(() => socket.write("\n"), 5);
      await cut;
      clearInterval(tries);
      assert.ok(socket.bytesRead < 3_000_000);
    },
    { requestMs: 20 },
  ));

test("a command that goes away before its answer harms nobody", async () => {
  let release = (): void => undefined;
  let asked = (): void => undefined;
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  const held = new Promise<void>((resolve) => (release = resolve));
  let first = true;
  const handle: ControlHandler = async () => {
    if (!first) return RELOADED;
    first = false;
    asked();
    await held;
    return RELOADED;
  };
  await withControl(handle, async (folder) => {
    const socket = await connectedTo(folder);
    socket.write(lineFor("reload"));
    await wasAsked;
    socket.destroy();
    release();
    assert.deepEqual(await askControl(folder, { command: "reload" }), RELOADED);
  });
});

test("beyond the bound commands are told to come again, and get in when others leave", () =>
  withControl(reloads, async (folder) => {
    const waiting = await Promise.all(
      Array.from({ length: CLIENTS_MAX }, () => connectedTo(folder)),
    );
    const turnedAway = await connectedTo(folder);
    assert.match(await restOf(turnedAway), /too many commands at once/);
    const first = waiting[0]!;
    const text = restOf(first);
    first.write(lineFor("reload"));
    assert.deepEqual(JSON.parse(await text), RELOADED);
    // The server sees that it left a moment later.
    let answer = await askControl(folder, { command: "reload" });
    for (let tries = 0; tries < 1000 && !answerIsGood(answer); tries += 1) {
      answer = await askControl(folder, { command: "reload" });
    }
    assert.deepEqual(answer, RELOADED);
    for (const socket of waiting) socket.destroy();
  }));

function answerIsGood(answer: ControlAnswer | "notRunning"): boolean {
  return answer !== "notRunning" && answer.ok;
}

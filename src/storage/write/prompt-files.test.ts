import assert from "node:assert/strict";
import { constants } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../testing/index.ts";
import { systemFiles } from "../file-system.ts";
import { Gate, PromptFiles } from "./prompt-files.ts";

/** A gate, and calls that take as long as they are said to. */
function gateWithClock(): { gate: Gate; call: (ms: number) => void; pass: (ms: number) => void } {
  let nowMs = 0;
  const gate = new Gate(() => nowMs);
  const pass = (ms: number): void => void (nowMs += ms);
  return { gate, pass, call: (ms) => gate.timed(() => pass(ms)) };
}

test("a gate is open until two calls are slow, and again after a pause", () => {
  const { gate, call, pass } = gateWithClock();
  for (const ms of [1, 49, 1, 1]) call(ms);
  assert.equal(gate.isOpen, true, "one slow call is chance");
  call(2);
  assert.equal(gate.isOpen, false);
  pass(249);
  assert.equal(gate.isOpen, false);
  pass(1);
  assert.equal(gate.isOpen, true);
});

test("slow calls far from each other close nothing; one that stops the thread does", () => {
  const { gate, call } = gateWithClock();
  for (let round = 0; round < 10; round += 1) {
    call(30);
    for (let quick = 0; quick < 32; quick += 1) call(1);
  }
  assert.equal(gate.isOpen, true);
  call(50);
  assert.equal(gate.isOpen, false);
});

test("each time it is closed for longer, up to a bound; many quick calls make good", () => {
  const { gate, call, pass } = gateWithClock();
  for (let round = 0; round < 20; round += 1) call(60);
  pass(15_999);
  assert.equal(gate.isOpen, false);
  pass(1);
  for (let round = 0; round < 999; round += 1) call(0);
  call(60);
  pass(15_999);
  assert.equal(gate.isOpen, false, "a thousand are needed");
  for (let round = 0; round < 1000; round += 1) call(0);
  call(60);
  pass(250);
  assert.equal(gate.isOpen, true);
});

test("a call that throws is timed as well", () => {
  const { gate, pass } = gateWithClock();
  const slow = (): void => {
    pass(60);
    throw new Error("no");
  };
  assert.throws(() => gate.timed(slow));
  assert.equal(gate.isOpen, false);
});

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

for (const where of [
  { isLocal: true, namesToo: true },
  { isLocal: true, namesToo: false },
  { isLocal: false, namesToo: true },
]) {
  test(`${JSON.stringify(where)}: the same is done, at once or by the pool`, () =>
    withTemporaryFolder(async (folder) => {
      const files = new PromptFiles(systemFiles, where);
      const [a, b] = [join(folder, "a"), join(folder, "b")];
      const fd = files.open(a, FLAGS, 0o600);
      assert.equal(fd instanceof Promise, !(where.isLocal && where.namesToo));
      const written = files.write(await fd, Buffer.from("xyz"), 1, 2, 0);
      assert.equal(written instanceof Promise, !where.isLocal);
      assert.equal(await written, 2);
      await files.close(await fd);
      await files.link(a, b);
      await assert.rejects(async () => files.link(a, b), { code: "EEXIST" });
      await files.unlinkName(a);
      assert.deepEqual(await readdir(folder), ["b"]);
      assert.equal(await readFile(b, "utf8"), "yz");
      assert.equal((await files.lookAt(b))?.size, 2n);
      assert.equal(await files.lookAt(a), undefined);
    }));
}

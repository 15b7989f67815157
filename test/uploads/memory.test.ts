// What a large upload costs: no more memory than a small one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { RunningProgram } from "../../src/testing/index.ts";
import { answerOn, BOUNDARY, FORM_TYPE, withUploads, type UploadSite } from "./upload-site.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const BLOCK = Buffer.alloc(MIB, "what is uploaded, ");
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="big"\r\n\r\n`;
const END = `\r\n--${BOUNDARY}--\r\n`;

test("a gigabyte by PUT, and one in a form, take 16 MiB over idle", () =>
  withUploads({ workers: 1, routes: { in: 'fileBytes = "1 GiB"' } }, async (site) => {
    // Once small, so that what is made once is there.
    await put(site, 32 * MIB);
    await post(site, 32 * MIB);
    await cleared(site);
    const idle = await memoryOf(site.program);
    const hash = createHash("sha256");
    for (let at = 0; at < GIB; at += MIB) hash.update(BLOCK);
    const expected = hash.digest("hex");
    for (const way of [put, post]) {
      const { answer, most } = await watched(site, () => way(site, GIB));
      assert.ok(answer.includes(`"sha256":"${expected}"`), answer);
      assert.ok(most > 0);
      const over = (most - idle) / MIB;
      assert.ok(over <= 16, `${way.name}: ${over.toFixed(1)} MiB over idle`);
      await cleared(site);
    }
  }));

test("fifty uploads at once, the first of their kind, take 40 MiB over idle", () =>
  withUploads({ workers: 2, routes: { in: "" } }, async (site) => {
    await put(site, MIB);
    const idle = await memoryOf(site.program);
    const { answer, most } = await watched(site, () => fiftyInStep(site));
    assert.equal(answer, "50 stored");
    const over = (most - idle) / MIB;
    assert.ok(over <= 40, `${over.toFixed(1)} MiB over idle`);
  }));

const STEPS = 16;

/** 4 MiB each, a quarter of a MiB of all of them before the next of any. */
async function fiftyInStep(site: UploadSite): Promise<string> {
  const step = BLOCK.subarray(0, MIB / 4);
  const length = `Content-Length: ${STEPS * step.length}`;
  const all = await Promise.all(Array.from({ length: 50 }, () => site.open()));
  const fields = `Host: localhost\r\nConnection: close\r\n${length}`;
  for (const [at, one] of all.entries()) {
    await one.send(`PUT /in/${at} HTTP/1.1\r\n${fields}\r\n\r\n`);
  }
  for (let sent = 0; sent < STEPS; sent += 1) await Promise.all(all.map((one) => one.send(step)));
  const answers = await Promise.all(all.map((one) => answerOn(one)));
  return `${answers.filter(({ status }) => status === 201).length} stored`;
}

/** What `use` gives, and the most memory that was seen meanwhile. */
async function watched(
  site: UploadSite,
  use: () => Promise<string>,
): Promise<{ answer: string; most: number }> {
  let most = 0;
  let isOver = false;
  const watch = (async () => {
    while (!isOver) {
      most = Math.max(most, await memoryOf(site.program));
      await delay(20);
    }
  })();
  try {
    const answer = await use();
    return { answer, most };
  } finally {
    isOver = true;
    await watch;
  }
}

async function cleared(site: UploadSite): Promise<void> {
  for (const name of await site.names("in")) await rm(site.path("in", name));
}

function put(site: UploadSite, bytes: number): Promise<string> {
  return send(site, `PUT /in/big HTTP/1.1\r\nContent-Length: ${bytes}`, "", bytes, "");
}

function post(site: UploadSite, bytes: number): Promise<string> {
  const length = HEAD.length + bytes + END.length;
  const head = `POST /in/ HTTP/1.1\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${length}`;
  return send(site, head, HEAD, bytes, END);
}

async function send(
  site: UploadSite,
  head: string,
  before: string,
  bytes: number,
  behind: string,
): Promise<string> {
  const socket = connect(site.program.port, "127.0.0.1");
  const answer = (async () => {
    let text = "";
    for await (const piece of socket as AsyncIterable<Buffer>) text += piece.toString("latin1");
    return text;
  })();
  socket.write(`${head}\r\nHost: localhost\r\nConnection: close\r\n\r\n${before}`);
  for (let at = 0; at < bytes; at += MIB) {
    // oxlint-disable-next-line no-await-in-loop -- no faster than it is taken
    await new Promise((resolve) => socket.write(BLOCK, resolve));
  }
  socket.write(behind);
  const received = await answer;
  assert.match(received, /^HTTP\/1\.1 20[14] /);
  return received;
}

async function memoryOf(program: RunningProgram): Promise<number> {
  const status = await readFile(`/proc/${program.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { get, withEngine } from "../../testing/index.ts";
import { ByteStream, Reply, type Handler } from "../exchange/index.ts";
import { ReadyHead } from "./ready-head.ts";

const EARLY = "Fri, 02 Jan 2026 03:04:05 GMT";
const LATE = "Fri, 02 Jan 2026 03:04:06 GMT";

test("a head says the date that it is asked for", () => {
  const head = new ReadyHead(`HTTP/1.1 200 OK\r\nDate: ${EARLY}\r\nA: b\r\n\r\n`, EARLY);
  const at = (date: string): string => Buffer.from(head.bytesAt(date)).toString("latin1");
  assert.equal(at(EARLY), `HTTP/1.1 200 OK\r\nDate: ${EARLY}\r\nA: b\r\n\r\n`);
  assert.equal(at(LATE), `HTTP/1.1 200 OK\r\nDate: ${LATE}\r\nA: b\r\n\r\n`);
  assert.equal(at(EARLY), `HTTP/1.1 200 OK\r\nDate: ${EARLY}\r\nA: b\r\n\r\n`);
});

const constant = new Reply(200, [["A", "b"]], Buffer.from("body"));
const always: Handler = () => constant;

/** What each of `requests`, sent one after the other, is answered with. */
async function answersOf(handler: Handler, requests: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  await withEngine(handler, async ({ open }) => {
    for (const request of requests) {
      const client = await open();
      await client.send(request + get("/", "Connection: close"));
      const received = await client.untilEnd();
      answers.push(received.slice(0, received.lastIndexOf("HTTP/1.1 ")));
    }
  });
  return answers;
}

test("a reply that is given again and again is the same each time, but for its date", async () => {
  await withEngine(always, async ({ open, pass }) => {
    const client = await open();
    for (const second of [5, 6, 7, 8]) {
      await client.send(get("/"));
      await client.until(`03:04:0${second} GMT\r\nA: b\r\nContent-Length: 4\r\n\r\nbody`);
      await pass(1000);
    }
  });
});

test("who asks otherwise is answered otherwise, however often the reply was given", async () => {
  const usual = get("/");
  const head = usual.replace("GET", "HEAD");
  const old = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  const answers = await answersOf(always, [usual, usual, usual, head, old, usual]);
  const common = `HTTP/1.1 200 OK\r\nDate: ${EARLY}\r\nA: b\r\nContent-Length: 4\r\n`;
  assert.deepEqual(answers, [
    ...Array.from({ length: 3 }, () => `${common}\r\nbody`),
    `${common}\r\n`,
    `${common}Connection: keep-alive\r\n\r\nbody`,
    `${common}\r\nbody`,
  ]);
});

test("a stream's head is made anew: HEAD and GET differ in it", async () => {
  const stream = new Reply(200, [], new ByteStream((async function* () {})()));
  const head = get("/").replace("GET", "HEAD");
  const answers = await answersOf(() => stream, [head, head, head, get("/")]);
  assert.doesNotMatch(answers[2]!, /Transfer-Encoding/);
  assert.match(answers[3]!, /Transfer-Encoding: chunked/);
});

test("a reply whose fields can't be sent is a 500 each time", async () => {
  const bad = new Reply(200, [["A", "b\r\nC: d"]]);
  const answers = await answersOf(() => bad, [get("/"), get("/"), get("/")]);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 500 /);
});

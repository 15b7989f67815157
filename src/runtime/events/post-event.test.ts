import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import type { Outcome } from "./outcome.ts";
import { postEvent } from "./post-event.ts";

/** Posts to a server that answers `answer`, or nothing; resolves to what it was sent, too. */
async function post(
  answer: string | null,
  { timeoutMs = 30_000, signal = new AbortController().signal } = {},
): Promise<{ outcome: Outcome; request: string }> {
  let request = "";
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (piece: Buffer) => {
      request += piece.toString();
      if (answer !== null && request.endsWith("}")) socket.end(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const attempt = { event: '{"id":"1"}', timeoutMs, signal };
  const outcome = await postEvent(`http://127.0.0.1:${port}/hook?x=1`, attempt);
  server.close();
  return { outcome, request };
}

function answerOf(status: number): string {
  return `HTTP/1.1 ${status} X\r\nContent-Length: 2\r\nLocation: /other\r\n\r\nhi`;
}

test("the event is posted as JSON", async () => {
  const { outcome, request } = await post(answerOf(200));
  assert.equal(outcome.kind, "done");
  assert.match(request, /^POST \/hook\?x=1 HTTP\/1\.1\r\n/);
  assert.match(request, /\r\ncontent-type: application\/json\r\n/i);
  assert.match(request, /\r\n\r\n\{"id":"1"\}$/);
});

for (const [status, kind] of [
  [201, "done"],
  [299, "done"],
  [302, "again"],
  [307, "again"],
  [400, "never"],
  [404, "never"],
  [410, "never"],
  [408, "again"],
  [429, "again"],
  [500, "again"],
  [503, "again"],
] as const) {
  test(`${status} means ${kind}`, async () => {
    assert.equal((await post(answerOf(status))).outcome.kind, kind);
  });
}

test("a redirect is not followed", async () => {
  const { request } = await post(answerOf(302));
  assert.equal(request.split("POST ").length, 2);
});

test("no answer in time, no HTTP and no server are to be tried again", async () => {
  assert.equal((await post(null, { timeoutMs: 50 })).outcome.kind, "again");
  assert.equal((await post("hello\r\n\r\n")).outcome.kind, "again");
  const attempt = { event: "{}", timeoutMs: 5000, signal: new AbortController().signal };
  const outcome = await postEvent("http://127.0.0.1:1/", attempt);
  assert.equal(outcome.kind, "again");
});

test("it is cut off when the server stops", async () => {
  const abort = new AbortController();
  const posted = post(null, { signal: abort.signal });
  abort.abort();
  assert.equal((await posted).outcome.kind, "again");
});

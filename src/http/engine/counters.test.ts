import assert from "node:assert/strict";
import { test } from "node:test";
import { withEngine } from "../../testing/index.ts";
import { Reply, type Handler } from "../exchange/index.ts";

const echo: Handler = async ({ body }) => {
  let bytes = 0;
  for (let piece = await body.read(); piece instanceof Uint8Array; piece = await body.read()) {
    bytes += piece.length;
  }
  return new Reply(200, [], Buffer.from(`${bytes} came`));
};

test("connections, requests and content are counted, heads and chunk framing are not", async () => {
  await withEngine(echo, async ({ open, engine }) => {
    const client = await open();
    await client.send(
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
        "5;a=b\r\nhello\r\n0\r\n\r\n" +
        "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n" +
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    await client.untilEnd();
    assert.deepEqual(engine.counters, {
      accepted: 1,
      refused: 0,
      requests: 3,
      sentBytes: 2 * "5 came".length,
      receivedBytes: 5,
    });
  });
});

test("what is no request is counted as one, an idle connection is not", async () => {
  await withEngine(echo, async ({ open, engine }) => {
    const idle = await open();
    const client = await open();
    await client.send("nonsense\r\n\r\n");
    await client.untilEnd();
    idle.close();
    assert.equal(engine.counters.accepted, 2);
    assert.equal(engine.counters.requests, 1);
  });
});

test("content that was dropped unread is counted as received", async () => {
  const hello: Handler = () => new Reply(200, [], Buffer.from("hello"));
  await withEngine(hello, async ({ open, engine }) => {
    const client = await open();
    await client.send(
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" +
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    await client.untilEnd();
    assert.equal(engine.counters.receivedBytes, 3);
    assert.equal(engine.counters.sentBytes, 10);
  });
});

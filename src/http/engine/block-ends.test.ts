// How the filling of a block ends before it is full: whoever asked has its block for itself again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { get, post, withEngine, type EngineServer } from "../../testing/index.ts";
import { Reply, type Exchange, type Handler } from "../exchange/index.ts";
import { NO_BODY, PulledBody } from "./pulled-body.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const text = (body: string): Reply => new Reply(200, [], Buffer.from(body));

/** Opens a connection whose body fills `block`, and has some of it there. */
async function filling(
  server: EngineServer,
  block: Uint8Array,
): Promise<ReturnType<EngineServer["open"]>> {
  const client = await server.open();
  await client.send(post("Content-Length: 1000"));
  for (let index = 0; index < 3; index += 1) {
    await client.send("abc");
    while (block[index * 3 + 2] === 0) await turn();
  }
  return client;
}

/** Fills `block`, and answers with what went wrong; then the block is used for something else. */
function fillsOnce(block: Uint8Array): Handler {
  return async ({ body }: Exchange) => {
    const filled = await body.fill(block);
    block.fill(0x2e);
    return filled instanceof Failure ? filled : text(`${filled} filled`);
  };
}

const UNTOUCHED = (block: Uint8Array): void => assert.ok(block.every((byte) => byte === 0x2e));

test("a client that stays away amid a block is 408; what it sends then goes nowhere", async () => {
  const block = new Uint8Array(1000);
  await withEngine(fillsOnce(block), async (server) => {
    const client = await filling(server, block);
    await server.pass(29_000);
    await client.send("d");
    while (block[9] === 0) await turn();
    await server.pass(29_000);
    assert.equal(client.receivedBytes, 0);
    await server.pass(2000);
    assert.match(await client.until("\r\n\r\n"), /X-Failure: bodyTimeout/);
    await client.send("e".repeat(500));
    for (let turns = 0; turns < 50; turns += 1) await turn();
    UNTOUCHED(block);
  });
});

test("a client that drips amid a block is 408 after a minute", async () => {
  const block = new Uint8Array(1000);
  await withEngine(fillsOnce(block), async (server) => {
    const client = await filling(server, block);
    for (let sent = 9; sent < 12; sent += 1) {
      await server.pass(25_000);
      await client.send("d");
      while (block[sent] === 0 && client.receivedBytes === 0) await turn();
    }
    assert.match(await client.until("\r\n\r\n"), /X-Failure: bodyTimeout/);
    UNTOUCHED(block);
  });
});

test("a client that leaves amid a block is a failure to its reader", async () => {
  const block = new Uint8Array(1000);
  const seen = Promise.withResolvers<unknown>();
  const handler: Handler = async ({ body }) => {
    seen.resolve(await body.fill(block));
    return text("nobody reads this");
  };
  await withEngine(handler, async (server) => {
    const client = await filling(server, block);
    client.reset();
    const failure = await seen.promise;
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, "clientGone");
  });
});

test("a request that is answered amid a block gives the block back", async () => {
  const block = new Uint8Array(1000);
  const seen = Promise.withResolvers<unknown>();
  const handler: Handler = async ({ method, body }) => {
    if (method === "GET") return text("next");
    const reuse = async (): Promise<void> => {
      const filled = await body.fill(block);
      block.fill(0x2e);
      seen.resolve(filled);
    };
    void reuse();
    while (block[8] === 0 && block[0] !== 0x2e) await turn();
    return text("enough");
  };
  await withEngine(handler, async (server) => {
    const client = await filling(server, block);
    await client.until("enough");
    assert.ok((await seen.promise) instanceof Failure);
    await client.send("d".repeat(991) + get("/next"));
    await client.until("next");
    UNTOUCHED(block);
  });
});

test("one waits at a time, for a block or for a piece", async () => {
  const handler: Handler = async ({ body }) => {
    const first = body.fill(new Uint8Array(3));
    assert.throws(() => void body.read(), /one reader/);
    assert.throws(() => void body.fill(new Uint8Array(3)), /one reader/);
    assert.equal(await first, 3);
    return text("filled");
  };
  await withEngine(handler, async ({ open }) => {
    const client = await open();
    await client.send(post("Content-Length: 3"));
    await client.send("abc");
    await client.until("filled");
  });
});

test("who fills a block is not told of its end before nothing reads into it any more", async () => {
  const left: string[] = [];
  const source = { wantContent: () => undefined, leaveBlock: () => left.push("left") };
  const body = new PulledBody(10, 100, source);
  const filled = body.fill(new Uint8Array(4)).then(() => left.push("told"));
  body.fail(new Failure("clientGone"));
  await filled;
  assert.deepEqual(left, ["left", "told"]);
  assert.equal(body.room, null);
});

test("what has no body has nothing to fill a block with, whatever it may have", async () => {
  NO_BODY.bytesMax = 10;
  assert.equal(NO_BODY.bytesMax, 0);
  assert.equal(await NO_BODY.fill(new Uint8Array(4)), 0);
});

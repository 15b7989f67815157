import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { get, post, statuses, withEngine } from "../../testing/index.ts";
import { Reply, type Handler } from "../exchange/index.ts";
import { PulledBody } from "./pulled-body.ts";

const BLOCK_BYTES = 100_000;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const text = (body: string): Reply => new Reply(200, [], Buffer.from(body));
const roomy = { limits: { bodyBytes: 2 ** 31 } };

/** Fills one block after the other, and answers with the body's hash, or with what went wrong. */
const hash: Handler = async ({ method, body }) => {
  if (method === "GET") return text("next");
  const block = new Uint8Array(BLOCK_BYTES);
  const sum = createHash("sha256");
  for (let filled = BLOCK_BYTES; filled === BLOCK_BYTES;) {
    const count = await body.fill(block);
    if (count instanceof Failure) return count;
    filled = count;
    sum.update(block.subarray(0, filled));
    block.fill(0); // what comes later is not of now
  }
  return text(sum.digest("hex"));
};

/** The same, but it waits before it first asks, and between blocks. */
const late: Handler = async (exchange) => {
  for (let turns = 0; turns < 20; turns += 1) await turn();
  const { body } = exchange;
  const fill = body.fill.bind(body);
  body.fill = async (into) => {
    await turn();
    return fill(into);
  };
  return hash(exchange);
};

/** The same, with `read` and `fill` in turns. */
const mixed: Handler = async ({ body }) => {
  const sum = createHash("sha256");
  const block = new Uint8Array(5000);
  for (;;) {
    const piece = await body.read();
    if (piece instanceof Failure) return piece;
    if (piece === null) return text(sum.digest("hex"));
    sum.update(piece);
    const filled = await body.fill(block);
    if (filled instanceof Failure) return filled;
    sum.update(block.subarray(0, filled));
  }
};

type Send = (content: Buffer, pieceBytes: number) => (string | Uint8Array)[];
const announced: Send = (content, pieceBytes) => [
  post(`Content-Length: ${content.length}`),
  ...piecesOf(content, pieceBytes),
];
const chunked: Send = (content, pieceBytes) => [
  post("Transfer-Encoding: chunked"),
  ...piecesOf(content, pieceBytes).map((piece) =>
    Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]),
  ),
  "0\r\n\r\n",
];

function piecesOf(content: Buffer, pieceBytes: number): Buffer[] {
  const pieces = [];
  for (let at = 0; at < content.length; at += pieceBytes) {
    pieces.push(content.subarray(at, at + pieceBytes));
  }
  return pieces;
}

const SIZES = [1, 99_999, BLOCK_BYTES, 100_001, 3 * BLOCK_BYTES, 1_234_567];
for (const [name, handler] of Object.entries({ hash, late, mixed })) {
  for (const [coding, send] of Object.entries({ announced, chunked })) {
    for (const bytes of SIZES) {
      test(`${bytes} bytes, ${coding}, fill blocks as they were sent (${name})`, () =>
        withEngine(
          handler,
          async ({ open }) => {
            const client = await open();
            const content = randomBytes(bytes);
            for (const piece of send(content, 70_000)) await client.send(piece);
            await client.until(hashOf(content));
          },
          roomy,
        ));
    }
  }
}

for (const [coding, send] of Object.entries({ announced, chunked })) {
  test(`a body of single bytes fills a block (${coding})`, () =>
    withEngine(hash, async ({ open }) => {
      const client = await open();
      const content = randomBytes(300);
      for (const piece of send(content, 1)) await client.send(piece);
      await client.until(hashOf(content));
    }));

  test(`what comes behind a body is the next request's, bodies too (${coding})`, () =>
    withEngine(
      hash,
      async ({ open }) => {
        const client = await open();
        const contents = [BLOCK_BYTES, 5, 250_000, 64].map((bytes) => randomBytes(bytes));
        const all = contents.flatMap((content) => [...send(content, 50_000), get("/next")]);
        await client.send(Buffer.concat(all.map((piece) => Buffer.from(piece as Uint8Array))));
        const received = await client.until(hashOf(contents.at(-1)!));
        for (const content of contents) assert.ok(received.includes(hashOf(content)));
        assert.equal(statuses(await client.until("next")).filter((code) => code !== 200).length, 0);
      },
      roomy,
    ));

  test(`a client that says it sends no more is answered (${coding})`, () =>
    withEngine(hash, async ({ open }) => {
      const client = await open();
      const content = randomBytes(150_000);
      for (const piece of send(content, 150_000)) await client.send(piece);
      client.finish();
      assert.ok((await client.untilEnd()).includes(hashOf(content)));
    }));

  test(`a body that ends too early is a failure (${coding})`, () =>
    withEngine(hash, async ({ open }) => {
      const client = await open();
      await client.send(Buffer.concat(send(randomBytes(150_000), 9).slice(0, 900).map(bytesOf)));
      client.finish();
      assert.match(await client.untilEnd(), /X-Failure: bodyCut/);
    }));
}

function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === "string" ? Buffer.from(piece, "latin1") : piece;
}

test("a reader that bounds the body is told that it is too large, once that has come", () =>
  withEngine(
    (exchange) => {
      exchange.body.bytesMax = 200_000;
      return hash(exchange);
    },
    async ({ open }) => {
      const client = await open();
      for (const piece of chunked(randomBytes(200_001), 50_000)) await client.send(piece);
      assert.match(await client.until("\r\n\r\n"), /X-Failure: bodyTooLarge/);
    },
    roomy,
  ));

test("a body announced as too large is not waited for, and its client not told to go on", () =>
  withEngine(
    (exchange) => {
      exchange.body.bytesMax = 10;
      return hash(exchange);
    },
    async ({ open }) => {
      const client = await open();
      await client.send(post("Content-Length: 11", "Expect: 100-continue"));
      assert.deepEqual(statuses(await client.untilEnd()), [413]);
    },
  ));

test("a client that waits for 100 is told to go on when a block is to be filled", () =>
  withEngine(hash, async ({ open }) => {
    const client = await open();
    await client.send(post("Expect: 100-continue", "Content-Length: 3"));
    await client.until("HTTP/1.1 100 Continue\r\n\r\n");
    await client.send("abc");
    await client.until(hashOf(Buffer.from("abc")));
  }));

test("a body of 1 GB that fills one block again and again costs no memory", () =>
  withEngine(
    async ({ body }) => {
      const block = new Uint8Array(2 ** 18);
      for (let filled = block.length; filled === block.length;) {
        const count = await body.fill(block);
        if (count instanceof Failure) return count;
        filled = count;
      }
      return text("all of it");
    },
    async ({ open }) => {
      const client = await open();
      await client.send(post(`Content-Length: ${2 ** 30}`));
      const piece = Buffer.alloc(2 ** 20);
      let least = Infinity;
      let most = 0;
      for (let sent = 0; sent < 2 ** 30; sent += piece.length) {
        await client.send(piece);
        if (sent < 2 ** 28) continue; // what is made once is there by then
        const { rss } = process.memoryUsage();
        least = Math.min(least, rss);
        most = Math.max(most, rss);
      }
      await client.until("all of it");
      assert.ok(most - least < 2 ** 27, `grew by ${most - least} bytes`);
    },
    roomy,
  ));

const ROOMS = [
  { of: "a body as long as the block", length: 8, room: 8 },
  { of: "a longer body", length: 9, room: 8 },
  { of: "a shorter body", length: 5, room: 5 },
  { of: "a chunked body", length: null, room: undefined },
];
for (const { of, length, room } of ROOMS) {
  test(`the kernel may read ${room ?? "nothing"} of ${of} into it, and never what follows`, () => {
    const body = new PulledBody(length, 100, { wantContent() {}, leaveBlock() {} });
    void body.fill(new Uint8Array(8));
    assert.equal(body.room?.length, room);
    body.deliver(Buffer.from("abc"));
    const next = body.room;
    assert.equal(next?.byteOffset, room && 3);
    assert.equal(next?.length, room && room - 3);
  });
}

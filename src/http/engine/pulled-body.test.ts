import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "node:net";
import { Failure } from "../../base/failure.ts";
import { get, post, statuses, withEngine } from "../../testing/index.ts";
import { Reply, type Handler } from "../exchange/index.ts";

const text = (body: string): Reply => new Reply(200, [], Buffer.from(body));

/** Answers with the path; `/later` in another turn of the loop. */
const paths: Handler = (exchange) => {
  const reply = text(`<${exchange.path}>`);
  if (exchange.path !== "/later") return reply;
  return new Promise((resolve) => setImmediate(() => resolve(reply)));
};

/** Reads the whole body and answers with its length, or with what went wrong. */
const count: Handler = async ({ body }) => {
  let bytes = 0;
  for (;;) {
    const piece = await body.read();
    if (piece instanceof Failure) return piece;
    if (piece === null) return text(`${bytes} bytes`);
    bytes += piece.length;
  }
};

test("a body is read by pull, whole, by length and chunked", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    const long = "x".repeat(200_000);
    await client.send(post(`Content-Length: ${long.length}`) + long);
    await client.until("200000 bytes");
    await client.send(`${post("Transfer-Encoding: chunked")}3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n`);
    await client.until("7 bytes");
  });
});

test("nothing of a body is taken before somebody reads it", async () => {
  let readIt: () => void = () => undefined;
  const later: Handler = async ({ body }) => {
    await new Promise<void>((resolve) => (readIt = resolve));
    const piece = await body.read();
    return piece instanceof Uint8Array ? text(`first ${piece.length}`) : text("nothing");
  };
  await withEngine(
    later,
    async ({ port }) => {
      const client = connect({ port, host: "127.0.0.1" });
      client.write(post("Content-Length: 20000000"));
      let left = 20_000_000;
      const pour = (): void => {
        while (left > 0 && client.write(Buffer.alloc(65536))) left -= 65536;
      };
      client.on("drain", pour).on("error", () => undefined);
      pour();
      const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
      while (readIt.length === 0) await turn();
      // As much as the two kernels hold goes over, and not a byte more.
      for (let [still, before] = [0, left]; still < 200; await turn()) {
        still = before === left ? still + 1 : 0;
        before = left;
      }
      assert.ok(left > 0);
      readIt();
      const answer = await new Promise<string>((resolve) =>
        client.once("data", (bytes: Buffer) => resolve(bytes.toString())),
      );
      assert.match(answer, /first \d+$/);
      client.destroy();
    },
    { limits: { bodyBytes: 100_000_000 } },
  );
});

test("a body that nobody read is dropped, and the next request answered", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Content-Length: 5")}hello${get("/next")}`);
    const received = await client.until("</next>");
    assert.deepEqual(statuses(received), [200, 200]);
  });
});

test("a body too long to drop costs the connection, not the answer", async () => {
  const use: Parameters<typeof withEngine>[1] = async ({ open }) => {
    const client = await open();
    await client.send(post("Content-Length: 10000000") + "x".repeat(1000));
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [200]);
    assert.match(received, /Connection: close/);
  };
  await withEngine(paths, use, { limits: { bodyBytes: 20_000_000 } });
});

test("a client that waits for 100 is told 413 where it announces too much", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(post("Content-Length: 10000000", "Expect: 100-continue"));
    assert.deepEqual(statuses(await client.untilEnd()), [413]);
  });
});

test("a chunked body that is malformed while it is dropped ends the connection", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Transfer-Encoding: chunked")}zz\r\n${get("/next")}`);
    assert.deepEqual(statuses(await client.untilEnd()), [200]);
  });
});

test("a malformed body reaches its reader as a failure, and the connection ends", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Transfer-Encoding: chunked")}3\r\nabcX`);
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [400]);
    assert.match(received, /X-Failure: chunk/);
  });
});

for (const [name, wire] of [
  ["announced", `${post("Content-Length: 101")}${"x".repeat(101)}`],
  ["chunked", `${post("Transfer-Encoding: chunked")}65\r\n${"x".repeat(101)}\r\n0\r\n\r\n`],
] as const) {
  test(`a body over the limit is 413 (${name})`, async () => {
    const use: Parameters<typeof withEngine>[1] = async ({ open }) => {
      const client = await open();
      await client.send(wire);
      assert.deepEqual(statuses(await client.until("HTTP/1.1 ")), [413]);
    };
    await withEngine(count, use, { limits: { bodyBytes: 100 } });
  });
}

test("a client that waits for 100 is told to go on when the body is first read", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(post("Expect: 100-continue", "Content-Length: 3"));
    await client.until("HTTP/1.1 100 Continue\r\n\r\n");
    await client.send("abc");
    assert.deepEqual(statuses(await client.until("3 bytes")), [100, 200]);
  });
});

test("no 100 where the body is refused unread, nor where it is already there", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(post("Expect: 100-continue", "Content-Length: 3"));
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [200]);
    assert.match(received, /Connection: close/);
  });
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Expect: 100-continue", "Content-Length: 3")}abc`);
    assert.deepEqual(statuses(await client.until("3 bytes")), [200]);
  });
});

test("a body that ends too early is a failure to its reader", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Content-Length: 10")}abc`);
    client.finish();
    assert.match(await client.untilEnd(), /X-Failure: bodyCut/);
  });
});

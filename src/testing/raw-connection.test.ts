import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { RawConnection } from "./raw-connection.ts";

/** Connects to a server that does what `serve` says with its one connection. */
async function connected(
  serve: (socket: Socket) => void,
  use: (connection: RawConnection) => Promise<void>,
): Promise<void> {
  const accepted: Socket[] = [];
  let over = false;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (over) socket.destroy(); // accepted late, behind a test that failed
    accepted.push(socket.on("error", () => undefined));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const connection = await RawConnection.open((server.address() as AddressInfo).port);
    await use(connection).finally(() => connection.close());
  } finally {
    over = true;
    for (const socket of accepted) socket.destroy();
    server.close();
  }
}

test("what is sent arrives byte by byte as it was, and comes back", () =>
  connected(
    (socket) => socket.pipe(socket),
    async (connection) => {
      await connection.send("a\xff\0b");
      await connection.send(Uint8Array.of(0x80));
      assert.equal(await connection.until("\x80"), "a\xff\0b\x80");
      assert.equal(connection.ended, false);
    },
  ));

test("after FIN, answers are still received", () =>
  connected(
    (socket) => socket.resume().on("end", () => socket.end("goodbye")),
    async (connection) => {
      connection.finish();
      assert.equal(await connection.untilEnd(), "goodbye");
    },
  ));

test("a reset is an end", () =>
  connected(
    (socket) => socket.once("data", () => socket.resetAndDestroy()),
    async (connection) => {
      await connection.send("x");
      assert.equal(await connection.untilEnd(), "");
      await connection.send("nobody hears this");
    },
  ));

test("silence is a stall, not an end", () =>
  connected(
    () => undefined,
    async (connection) => {
      assert.equal(await connection.more(0, 20), "stall");
      await assert.rejects(connection.until("x", 20), /stall/);
      await assert.rejects(connection.untilEnd(20), /still open/);
    },
  ));

test("an end without the text that was waited for is told", () =>
  connected(
    (socket) => socket.end("something else"),
    (connection) => assert.rejects(connection.until("what was wanted"), /end.*something else/),
  ));

test("where nobody listens, opening fails", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(RawConnection.open(port), /ECONNREFUSED/);
});

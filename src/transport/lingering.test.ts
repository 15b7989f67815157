import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { RawConnection } from "../testing/index.ts";
import { LINGERING_MAX } from "./lingering.ts";
import { listen } from "./listener.ts";
import { ways } from "./ways.ts";

const INDEX = new URL("index.ts", import.meta.url).href;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const sharedReads of [true, false]) {
  const how = sharedReads ? "shared reads" : "'data'";

  test(`a burst of refused connections takes few descriptors, all are told (${how})`, async () => {
    ways.sharedReads = sharedReads;
    const before = readdirSync("/proc/self/fd").length;
    let most = 0;
    const listener = await listen({ kind: "tcp", host: "127.0.0.1", port: 0 }, (socket) => {
      socket.refuse(Buffer.from("too many"));
      most = Math.max(most, readdirSync("/proc/self/fd").length);
    });
    // From another process, as this one's clients would take descriptors, too.
    const code = `
      const { connect } = require("node:net");
      let left = 200, told = 0;
      for (let index = 0; index < 200; index += 1) {
        const socket = connect(${listener.port}, "127.0.0.1", () => socket.write("GET / HTTP/1.1"));
        let text = "";
        socket.on("data", (piece) => (text += piece)).on("error", () => undefined);
        socket.on("close", () => {
          if (text === "too many") told += 1;
          if (--left === 0) console.log(told);
        });
      }`;
    const clients = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    clients.stdout.on("data", (piece: Buffer) => (out += String(piece)));
    await once(clients, "close");
    assert.equal(out.trim(), "200");
    // The listener, the child's pipe, and the one that has just come.
    assert.ok(most - before <= LINGERING_MAX + 8, `${most - before} descriptors`);
    await listener.close();
    ways.sharedReads = true;
  });
}

test("a client that is refused and says no more is closed soon", async () => {
  const listener = await listen({ kind: "tcp", host: "127.0.0.1", port: 0 }, (socket) =>
    socket.refuse(Buffer.from("no")),
  );
  const client = await RawConnection.open(listener.port);
  assert.equal(await client.untilEnd(), "no");
  client.close();
  await listener.close();
});

test("when descriptors ran out and are there again, connections are taken again", async () => {
  const code = `
    const { listen } = await import(${JSON.stringify(INDEX)});
    const listener = await listen({ kind: "tcp", host: "127.0.0.1", port: 0 }, (socket) => {
      const sink = { onInputEnd: () => socket.destroy(), onDrain() {}, onClose() {} };
      socket.attach({
        ...sink,
        room: () => null,
        onBytes: () => socket.write(Buffer.from("answer")),
      });
    });
    console.log(listener.port);`;
  const command = 'ulimit -n 48; exec "$0" --input-type=module -e "$1"';
  const server = spawn("sh", ["-c", command, process.execPath, code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(server.stdout, "data")) as [Buffer];
    const port = Number(String(line));
    const crowd = Array.from({ length: 100 }, () => {
      const socket = connect(port, "127.0.0.1", () => socket.write("?"));
      return socket.on("error", () => undefined);
    });
    let answered = 0;
    let closed = 0;
    for (const socket of crowd) {
      socket.once("data", () => (answered += 1)).once("close", () => (closed += 1));
    }
    while (answered + closed < 100) await turn();
    assert.ok(answered > 0 && closed > 0, `${answered} answered, ${closed} closed`);
    for (const socket of crowd) socket.destroy();
    const late = await RawConnection.open(port);
    await late.send("?");
    await late.until("answer");
    late.close();
  } finally {
    server.kill("SIGKILL");
  }
});

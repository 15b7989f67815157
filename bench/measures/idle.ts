// Process memory of one idle keep-alive connection that has had one answer.
import { connect, type Socket } from "node:net";
import { memoryKiB } from "../memory.ts";
import type { RunningServer } from "../running-server.ts";
import type { Row } from "./row.ts";

const CONNECTIONS = 10_000;
const AT_ONCE = 100;
const SETTLE_MS = 1000;
const REQUEST = "GET /1kb.html HTTP/1.1\r\nHost: localhost\r\n\r\n";
const ANSWER_BYTES_MIN = 1024;

export const idle: Row = {
  name: "idle",
  title: "10 000 idle connections, memory of one",
  unit: "KiB",
  roundsMax: 3,
  ready: async (contestant, arena) => () => arena.withFresh(contestant, {}, memoryOfOne),
};

async function memoryOfOne(server: RunningServer): Promise<number> {
  const sockets: Socket[] = [];
  try {
    // What the first connections bring once (code, caches, the file) is not counted.
    await open(server.port, AT_ONCE, sockets);
    await settle();
    const before = memoryKiB(server.pid);
    for (let count = 0; count < CONNECTIONS; count += AT_ONCE) {
      await open(server.port, AT_ONCE, sockets);
    }
    await settle();
    const gained = memoryKiB(server.pid) - before;
    const staying = sockets.filter((socket) => !socket.closed && !socket.readableEnded).length;
    if (staying < sockets.length) throw new Error(`only ${staying} connections stayed`);
    return gained / CONNECTIONS;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

async function open(port: number, count: number, sockets: Socket[]): Promise<void> {
  const opened = await Promise.all(Array.from({ length: count }, () => answered(port)));
  sockets.push(...opened);
}

function answered(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(REQUEST));
    let received = "";
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      const head = received.indexOf("\r\n\r\n");
      if (head < 0 || received.length < head + 4 + ANSWER_BYTES_MIN) return;
      if (received.startsWith("HTTP/1.1 200 ")) resolve(socket);
      else reject(new Error(`not an answer of 200: ${received.slice(0, 80)}`));
    });
  });
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

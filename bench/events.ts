// Server-sent events: what a client that waits costs above an idle connection, and how long one
// event takes to reach all. For Linux, with 12 000 descriptors.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { ask } from "./ask.ts";
import { memoryKiB } from "./memory.ts";

const CLIENTS = 5000;
/** What the first clients bring once is nobody's. */
const WARM = 500;
const AT_ONCE = 100;
const SETTLE_MS = 1500;
const PATIENCE_MS = 30_000;
const EVENT = "an event of forty bytes, more or less...";

const ROOT = path.join(import.meta.dirname, "..");
const APP = `
import { EventChannel } from "portico";
const EVENT = ${JSON.stringify(EVENT)};
const channel = new EventChannel();
const streams = new Set();
function readable() {
  let own;
  const start = (controller) => streams.add((own = controller));
  const body = new ReadableStream({ start, cancel: () => streams.delete(own) });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}
function publish() {
  channel.publish({ data: EVENT });
  const bytes = Buffer.from("data: " + EVENT + "\\n\\n");
  for (const stream of streams) stream.enqueue(bytes);
  return new Response("told");
}
const answers = { idle: () => new Response(EVENT), channel: (request) => channel.subscribe(request),
  readable, publish };
export default { fetch: (request, { params }) => answers[params["*"]](request) };
`;

type Kind = "idle" | "channel" | "readable";

interface Figures {
  /** KiB of the server's memory for each client. */
  readonly kib: number;
  /** Milliseconds from the asking until all have heard; null where nobody is told. */
  readonly toldMs: number | null;
}

async function measured(kind: Kind): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), "portico-events-"));
  const { server, port } = await started(folder);
  const sockets: Listening[] = [];
  try {
    await open(kind, port, WARM, sockets);
    await setTimeout(SETTLE_MS);
    const before = memoryKiB(server.pid!);
    await open(kind, port, CLIENTS, sockets);
    await setTimeout(SETTLE_MS);
    const kib = (memoryKiB(server.pid!) - before) / CLIENTS;
    return { kib, toldMs: kind === "idle" ? null : await timeToTell(port, sockets) };
  } finally {
    for (const { socket } of sockets) socket.destroy();
    server.kill();
    await once(server, "exit");
    rmSync(folder, { recursive: true });
  }
}

async function started(folder: string): Promise<{ server: ChildProcess; port: number }> {
  const port = await freePort();
  const config = path.join(folder, "portico.toml");
  writeFileSync(path.join(folder, "app.mjs"), APP);
  writeFileSync(
    config,
    `workers = 1\ndata = "var"\n[log]\naccess = "off"\n` +
      `[[listen]]\naddress = "127.0.0.1:${port}"\n` +
      `[timeouts]\nkeepAlive = "10m"\n[[site]]\n[[site.route]]\npath = "/*"\napp = "app.mjs"\n`,
  );
  const server = spawn(path.join(ROOT, "bin/portico"), ["serve", "-c", config], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(server.stdout, "data");
  return { server, port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

interface Listening {
  readonly socket: Socket;
  heard: boolean;
}

async function open(kind: Kind, port: number, count: number, all: Listening[]): Promise<void> {
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, () => answered(kind, port));
    // oxlint-disable-next-line no-await-in-loop -- a listener's backlog is bounded
    all.push(...(await Promise.all(some)));
  }
}

/** Resolves when the head of its answer is there. */
function answered(kind: Kind, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const listening = { socket, heard: false };
    socket.write(`GET /${kind} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
    socket.on("error", reject).on("data", (bytes) => {
      if (bytes.includes("HTTP/1.1 200")) resolve(listening);
      if (bytes.includes(EVENT)) listening.heard = true;
    });
  });
}

async function timeToTell(port: number, all: readonly Listening[]): Promise<number> {
  const startMs = performance.now();
  await ask(port, "/publish");
  while (all.some(({ heard }) => !heard)) {
    if (performance.now() - startMs > PATIENCE_MS) throw new Error("not all have heard");
    // oxlint-disable-next-line no-await-in-loop -- until all have
    await setTimeout(1);
  }
  return performance.now() - startMs;
}

const { kib: idle } = await measured("idle");
console.log(`| ${CLIENTS} clients | KiB each | above idle | ms until all have heard |`);
console.log(`|---|---|---|---|\n| idle connections | ${idle.toFixed(1)} | | |`);
for (const kind of ["channel", "readable"] as const) {
  const { kib, toldMs } = await measured(kind);
  const name = kind === "channel" ? "`EventChannel`" : "`new Response(new ReadableStream(…))`";
  console.log(
    `| ${name} | ${kib.toFixed(1)} | ${(kib - idle).toFixed(1)} | ${toldMs!.toFixed(0)} |`,
  );
}

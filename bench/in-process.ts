// `node bench/in-process.ts`: what Portico's own code costs an answer, without sockets and kernel.
// They are nine parts of ten of a small answer's cost (decision 0095), and the noise of a busy
// machine is theirs: what changes here by a few hundredths of a microsecond is lost in `app-hello`.
//
// Connections of an engine are told bytes by a socket that is none. Behind each request promises
// are gone on with, as Node does behind each read.
import { setFlagsFromString } from "node:v8";
import { systemClock } from "../src/base/clock.ts";
import { session } from "../src/filters/session/index.ts";
import { app } from "../src/handlers/app/index.ts";
import { Engine } from "../src/http/engine/index.ts";
import { type Handler, Reply } from "../src/http/exchange/index.ts";
import type { RoomContext } from "../src/http/room.ts";
import { TimerWheel } from "../src/runtime/index.ts";
import type { SocketSink, StreamSocket } from "../src/transport/index.ts";
import { HELLO } from "./servers/contestant.ts";
import { median } from "./statistics.ts";

const CONNECTIONS = 32;
const REQUESTS = 5000; // of each connection, in a round
const ROUNDS = 12;
const WARM_UP = 3; // of them
const REQUEST = Buffer.from("GET /app/hello HTTP/1.1\r\nHost: 127.0.0.1:21000\r\n\r\n");

setFlagsFromString("--allow-natives-syntax");
// A module that says it plainly could not be read before the flag is set.
// oxlint-disable-next-line no-implied-eval, no-new-func -- as it is a text of ours
const goOn = new Function("%PerformMicrotaskCheckpoint()") as () => void;

const nothing = (): void => undefined;
const failed = (message: string, error?: unknown): never => {
  throw new Error(message, { cause: error });
};
const log = { debug: nothing, info: nothing, warn: failed, error: failed };

/** What the rooms below look at. */
function contextOf(fetch: () => unknown): RoomContext {
  const module = (): object => ({ default: { fetch } });
  const sessionSettings = { cookie: "portico_session", sameSite: "lax", secrets: [], bytesMax: 1 };
  const parts = { module, log, keepUntil: nothing, route: "/app/hello", sessionSettings };
  return { ...parts, dev: false, sessions: {} } as unknown as RoomContext;
}

function answering(fetch: () => unknown): Handler {
  return app.create("app.ts", contextOf(fetch));
}

app.begin?.();
const reply = new Reply(200, [["Content-Type", "text/plain"]], Buffer.from(HELLO));
const hello = answering(() => new Response(HELLO));
const HANDLERS: readonly (readonly [name: string, handler: Handler])[] = [
  ["tiny", () => reply],
  ["app-hello", hello],
  ["app-async", answering(async () => new Response(HELLO))],
  ["app-no-session", session.create(true, contextOf(nothing))(hello)],
];

const MINUTE = 60_000;
const TERMS = {
  limits: {
    requestsPerConnection: Infinity,
    headerBytes: 16_384,
    targetBytes: 8192,
    bodyBytes: 1,
  },
  timeouts: { header: MINUTE, body: MINUTE, keepAlive: MINUTE, write: MINUTE, handler: MINUTE },
  requestId: false,
  failureReply: ({ code }: { readonly code: string }) => failed(code),
  onFinished: null,
};

let writtenBytes = 0;
const wheel = new TimerWheel(systemClock);

/** Those of an engine whose requests `dispatch` answers. */
function connectionsOf(dispatch: Handler): SocketSink[] {
  const engine = new Engine({ clock: systemClock, wheel, log }, { ...TERMS, dispatch });
  return Array.from({ length: CONNECTIONS }, () => {
    let attached: SocketSink | null = null;
    const socket = {
      attach: (sink: SocketSink) => (attached = sink),
      write: (bytes: Uint8Array) => (writtenBytes += bytes.length),
      unsentBytes: 0,
    };
    engine.accept(socket as unknown as StreamSocket, false, nothing);
    return attached!;
  });
}

/** Nanoseconds of CPU time an answer. */
function round(connections: readonly SocketSink[]): number {
  const bytesBefore = writtenBytes;
  const before = process.cpuUsage();
  for (let at = 0; at < REQUESTS; at += 1) {
    for (const connection of connections) {
      connection.onBytes(REQUEST);
      goOn();
    }
  }
  const { user } = process.cpuUsage(before);
  const requests = REQUESTS * CONNECTIONS;
  if (writtenBytes - bytesBefore < requests * HELLO.length) failed("not all were answered");
  return (1000 * user) / requests;
}

const runs = HANDLERS.map(([name, handler]) => ({
  name,
  connections: connectionsOf(handler),
  figures: [] as number[],
}));
// In a timer's turn, as no promise is gone on with while another is: a module's code is behind one.
setTimeout(measure, 1, ROUNDS);

function measure(left: number): void {
  if (left > 0) {
    for (const { connections, figures } of runs) figures.push(round(connections));
    setTimeout(measure, 1, left - 1);
    return;
  }
  for (const { name, figures } of runs) {
    console.log(`${name}: ${(median(figures.slice(WARM_UP)) / 1000).toFixed(2)} µs`);
  }
  process.exit(0);
}

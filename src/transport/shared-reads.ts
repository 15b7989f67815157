// Reading into one buffer a thread. A 'data' event allocates 64 KiB, a Buffer and a turn of the
// stream for every read; `onread` of `net.Socket` calls back with what came instead. A server's
// sockets cannot be asked for it, so that the connections are taken from below the server, and put
// under sockets that read so.
//
// That is not documented: `_handle`, its `onconnection`, and that the callback's `this` is its
// socket. All of it is probed by a real connection before the first listener opens; without it,
// 'data' it is. Figures: docs/decisions/0013-sockets-read-into-a-shared-buffer.md.
import { randomBytes } from "node:crypto";
import { connect, createServer, Socket, type Server } from "node:net";
import { ways } from "./ways.ts";

/** As large as what libuv offers a 'data' event. */
const BUFFER_BYTES = 64 * 1024;

/** Told what `socket` read. `chunk` is overwritten once this returns. */
export type Reader = (socket: Socket, chunk: Uint8Array) => void;

/** Told of a connection that came. */
export type Taker = (socket: Socket, remoteAddress: string, remotePort: number) => void;

interface ServerHandle {
  onconnection?: (error: number, connection?: ConnectionHandle) => void;
}

interface ConnectionHandle {
  useUserBuffer?: unknown;
  setNoDelay?: (on: boolean) => void;
  getpeername?: (facts: { address?: string; port?: number }) => void;
}

/**
 * From now on the connections of `server`, which listens, go to `taker` and tell `reader` what they
 * read. False: this Node has no such way, and the server goes on as it did.
 */
export function takeConnections(server: Server, reader: Reader, taker: Taker): boolean {
  const below = (server as unknown as { _handle?: ServerHandle | null })._handle;
  if (typeof below?.onconnection !== "function") return false;
  const onread = { buffer: sharedBuffer(), callback: readingFor(reader) };
  below.onconnection = (error, handle) => {
    // No descriptors left, or a client that is gone again: it concerns this connection alone.
    if (error !== 0 || handle === undefined) return;
    const undocumented: object = { handle };
    const socket = new Socket({ ...undocumented, allowHalfOpen: true, onread });
    handle.setNoDelay?.(true);
    const facts: { address?: string; port?: number } = {};
    handle.getpeername?.(facts);
    taker(socket, facts.address ?? "", facts.port ?? 0);
  };
  return true;
}

let buffer: Buffer | null = null;

function sharedBuffer(): Buffer {
  buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return buffer;
}

function readingFor(reader: Reader): (bytes: number, from: Uint8Array) => boolean {
  // Requests of one client are mostly of one length: their view of the buffer is made once.
  let view = sharedBuffer().subarray(0, 0);
  return function (this: Socket, bytes: number, from: Uint8Array): boolean {
    if (view.length !== bytes) view = sharedBuffer().subarray(0, bytes);
    reader(this, from === buffer ? view : from.subarray(0, bytes));
    return true; // what does not want more says `pause`
  };
}

let probed: Promise<boolean> | null = null;

/** Whether this Node's sockets can be read so. Found out once a thread, in 2 to 6 ms. */
export async function canShareReads(): Promise<boolean> {
  if (!ways.sharedReads) return false;
  probed ??= probe();
  return probed;
}

/** Sends a byte over a socket without a name in any folder (Linux), and looks how it comes. */
async function probe(): Promise<boolean> {
  const path = `\0portico-probe-${randomBytes(12).toString("hex")}`;
  const seen = Promise.withResolvers<boolean>();
  const fails = (): void => seen.resolve(false);
  const ends: Socket[] = [];
  const watch = (socket: Socket): number => ends.push(socket.on("error", fails).on("close", fails));
  const server = createServer(watch);
  server.on("error", fails);
  server.listen({ path }, () => {
    const reader: Reader = (socket, chunk) =>
      seen.resolve(ends.includes(socket) && chunk.length === 1 && chunk[0] === 0x2a);
    if (!takeConnections(server, reader, watch)) fails();
    const client = connect({ path }, () => client.write("*"));
    watch(client.on("data", fails));
  });
  const works = await seen.promise;
  for (const end of ends) end.destroy();
  server.close();
  return works;
}

// Reading into one buffer a thread. A 'data' event allocates 64 KiB, a Buffer and a turn of the
// stream for every read; `onread` of `net.Socket` calls back with what came instead. A server's
// sockets cannot be asked for it, so that the connections are taken from below the server, and put
// under sockets that read so.
//
// Behind every read Node asks where the next one goes. A reader that wants what comes in a place of
// its own names that, its room, and the kernel reads straight into it; all else goes to the shared
// buffer.
//
// That is not documented: `_handle`, its `onconnection` and `useUserBuffer`, and that `this` of the
// callback is its socket. A real connection probes it before the first listener opens; without it,
// 'data' it is. Figures: docs/decisions/0013-sockets-read-into-a-shared-buffer.md and
// 0038-a-body-is-read-where-it-is-stored.md.
import { randomBytes } from "node:crypto";
import { connect, createServer, Socket, type Server } from "node:net";
import { ways } from "./ways.ts";

/** As large as what libuv offers a 'data' event. */
const BUFFER_BYTES = 64 * 1024;

// What comes behind a full room most likely belongs into the next, which is not known yet: little
// of it is read here, so that little is copied.
const BETWEEN_ROOMS_BYTES = 4096;

export interface Reader {
  /** Told what `socket` read. `chunk` is overwritten once this returns, if it is not its room. */
  readonly tell: (socket: Socket, chunk: Uint8Array) => void;
  /** Where `socket` is to read to next; null: nowhere in particular. Asked behind `wantRoom`. */
  readonly roomFor: (socket: Socket) => Uint8Array | null;
}

/** Told of a connection that came. */
export type Taker = (socket: Socket, remoteAddress: string, remotePort: number) => void;

interface ServerHandle {
  onconnection?: (error: number, connection?: ConnectionHandle) => void;
}

interface ConnectionHandle {
  useUserBuffer?: (buffer: Uint8Array) => void;
  setNoDelay?: (on: boolean) => void;
  getpeername?: (facts: { address?: string; port?: number }) => void;
}

/**
 * Where the handle of a socket reads to, if not to the shared buffer. "wanted": its room is to be
 * asked for. "never": it gets none any more.
 */
type Place = Uint8Array | null | "wanted" | "never";

const PLACE = Symbol("place");
type Placed = Socket & { [PLACE]?: Place; _handle?: ConnectionHandle | null };

/**
 * From now on the connections of `server`, which listens, go to `taker` and tell `reader` what they
 * read. False: this Node has no such way, and the server goes on as it did.
 */
export function takeConnections(server: Server, reader: Reader, taker: Taker): boolean {
  const below = (server as unknown as { _handle?: ServerHandle | null })._handle;
  if (typeof below?.onconnection !== "function") return false;
  const onread = readingFor(reader);
  below.onconnection = (error, handle) => {
    // No descriptors left, or a client that is gone again: it concerns this connection alone.
    if (error !== 0 || handle === undefined) return;
    const undocumented: object = { handle, onread };
    const socket: Placed = new Socket({ ...undocumented, allowHalfOpen: true });
    socket[PLACE] = null;
    handle.setNoDelay?.(true);
    const facts: { address?: string; port?: number } = {};
    handle.getpeername?.(facts);
    taker(socket, facts.address ?? "", facts.port ?? 0);
  };
  return true;
}

/** `socket` may have room of its own: it is asked for behind the next read, until there is none. */
export function wantRoom(socket: Socket): void {
  const placed: Placed = socket;
  if (placed[PLACE] === null) placed[PLACE] = "wanted";
}

/**
 * The room of `socket` is its owner's again, though it is not full. Said while the socket tells
 * what it read, that is all, as a room is asked for behind that. Else it gets no other: Node
 * keeps a few bytes for each buffer that it is handed so, as long as the socket is open.
 */
export function leaveRoom(socket: Socket): void {
  const placed: Placed = socket;
  const place = placed[PLACE];
  if (socket === telling || !(place instanceof Uint8Array) || place === beginning) return;
  placed[PLACE] = "never";
  placed._handle?.useUserBuffer?.(sharedBuffer());
}

let buffer: Buffer | null = null;
let beginning: Buffer | null = null;
let telling: Socket | null = null; // whose callback runs

function sharedBuffer(): Buffer {
  buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return buffer;
}

interface OnRead {
  /** Asked for a new socket, and then behind each callback: undefined is what it was before. */
  buffer(): Uint8Array | undefined;
  callback(this: Placed, bytes: number): boolean;
}

function readingFor({ tell, roomFor }: Reader): OnRead {
  // Requests of one client are mostly of one length: their view of the buffer is made once.
  let view = sharedBuffer().subarray(0, 0);
  let told: Placed | null = null; // whose callback was called, until it is asked for its buffer
  return {
    buffer(): Uint8Array | undefined {
      const socket = told;
      told = null;
      if (socket === null) return sharedBuffer();
      const place = socket[PLACE];
      // Most sockets never want room, and nobody is asked for them: 0.2 µs a request (bench 1kb).
      if (place === null || place === "never") return undefined;
      return nextPlace(socket, roomFor(socket));
    },
    callback(bytes: number): boolean {
      toldBytes(this, bytes);
      return true; // what does not want more says `pause`
    },
  };

  function toldBytes(socket: Placed, bytes: number): void {
    telling = socket;
    const place = socket[PLACE];
    if (place instanceof Uint8Array) tell(socket, place.subarray(0, bytes));
    else {
      if (view.length !== bytes) view = sharedBuffer().subarray(0, bytes);
      tell(socket, view);
    }
    telling = null;
    told = socket;
  }
}

/** Where `socket` reads to from now on; undefined: where it did. */
function nextPlace(socket: Placed, room: Uint8Array | null): Uint8Array | undefined {
  const place = socket[PLACE];
  if (room !== null) return (socket[PLACE] = room);
  beginning ??= sharedBuffer().subarray(0, BETWEEN_ROOMS_BYTES);
  if (place instanceof Uint8Array && place !== beginning) return (socket[PLACE] = beginning);
  socket[PLACE] = null;
  return place === beginning ? sharedBuffer() : undefined;
}

let probed: Promise<boolean> | null = null;

/** Whether this Node's sockets can be read so. Found out once a thread, in 2 to 6 ms. */
export async function canShareReads(): Promise<boolean> {
  if (!ways.sharedReads) return false;
  probed ??= probe();
  return probed;
}

/**
 * Sends three bytes over a socket without a name in any folder (Linux), and looks where they come:
 * in the shared buffer, in a room, and in the shared buffer again though the room is not full.
 */
async function probe(): Promise<boolean> {
  const path = `\0portico-probe-${randomBytes(12).toString("hex")}`;
  const seen = Promise.withResolvers<boolean>();
  const fails = (): void => seen.resolve(false);
  const ends: Socket[] = [];
  const watch = (socket: Socket): number => ends.push(socket.on("error", fails).on("close", fails));
  const server = createServer(watch);
  server.on("error", fails);
  server.listen({ path }, () => {
    const client = connect({ path }, () => client.write("1"));
    watch(client.on("data", fails));
    const reader = probingReader(ends, (text) => client.write(text), seen.resolve);
    if (!takeConnections(server, reader, watch)) fails();
  });
  const works = await seen.promise;
  for (const end of ends) end.destroy();
  server.close();
  return works;
}

function probingReader(
  known: readonly Socket[],
  send: (text: string) => void,
  resolve: (works: boolean) => void,
): Reader {
  const room = Buffer.alloc(8);
  let reads = 0;
  return {
    tell(socket, chunk): void {
      reads += 1;
      const expected = reads === 2 ? room : sharedBuffer();
      wantRoom(socket);
      const isRight = chunk.length === 1 && chunk[0] === 0x30 + reads;
      const isInPlace = chunk.buffer === expected.buffer && room[0] === (reads < 2 ? 0 : 0x32);
      if (!isRight || !isInPlace || !known.includes(socket)) resolve(false);
      else if (reads === 3) resolve(true);
      else {
        setImmediate(() => {
          if (reads === 2) leaveRoom(socket);
          send(String(reads + 1));
        });
      }
    },
    roomFor: () => (reads === 0 || reads === 3 ? null : room.subarray(reads - 1)),
  };
}

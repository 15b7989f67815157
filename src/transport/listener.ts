// Listening sockets: TCP and unix, of this thread alone or shared with others (by `reusePort`, or a
// descriptor of a SharedUnix). What can go wrong comes as a ListenError in words.
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { inWords, type ListenAddress } from "./address.ts";
import { descriptorOf } from "./handle.ts";
import { F_DUPFD_CLOEXEC, native } from "./native.ts";
import { canShareReads, takeConnections } from "./shared-reads.ts";
import { StreamSocket, sharedReader, type SocketFacts } from "./socket.ts";
import { removeStaleSocket } from "./stale-socket.ts";

// The kernel cuts it to net.core.somaxconn.
export const BACKLOG = 4096;

export interface ListenOptions {
  /** Other threads listen on the same TCP address, and the system deals out the connections. */
  readonly reusePort?: boolean;
  /** A descriptor that listens at `address` already. Taken over: closed with the listener. */
  readonly descriptor?: number;
}

export class Listener {
  /** The port that was taken where 0 was asked for; 0 on a unix socket. */
  readonly port: number;
  readonly address: ListenAddress;
  readonly #server: Server;

  constructor(address: ListenAddress, server: Server) {
    this.#server = server;
    this.port = address.kind === "tcp" ? (server.address() as AddressInfo).port : 0;
    this.address = address.kind === "tcp" ? { ...address, port: this.port } : address;
  }

  /**
   * Another descriptor of what listens here, for `listen` in another thread: connections that wait
   * are accepted by it once this one has closed. Null: not without koffi.
   */
  duplicate(): number | null {
    const fd = descriptorOf(this.#server);
    const copy = fd < 0 ? -1 : (native()?.fcntl(fd, F_DUPFD_CLOEXEC, 0) ?? -1);
    return copy < 0 ? null : copy;
  }

  /** Takes no more connections; those it took go on. Resolves when others may bind. */
  async close(): Promise<void> {
    // Whoever waits to be accepted is cut when it closes. Here, behind a look of the loop at its
    // sockets, hardly anybody does.
    await new Promise((resolve) => setImmediate(resolve));
    this.#server.close();
    // Not the server's own event, which waits for connections.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Listens on `address` and hands each connection to `onSocket`. Throws a ListenError. */
export async function listen(
  address: ListenAddress,
  onSocket: (socket: StreamSocket) => void,
  { reusePort = false, descriptor }: ListenOptions = {},
): Promise<Listener> {
  const bindsPath = address.kind === "unix" && descriptor === undefined;
  // Where somebody listens, binding says so.
  if (bindsPath) await removeStaleSocket(address);
  const sharesReads = await canShareReads();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const facts = factsOf(listener, socket.remoteAddress, socket.remotePort);
    onSocket(new StreamSocket(socket, facts, "data"));
  });
  try {
    server.listen({ ...whereOf(address, reusePort, descriptor), backlog: BACKLOG });
    await once(server, "listening");
  } catch (error) {
    throw inWords(error as NodeJS.ErrnoException, address);
  }
  // Errors of a running listener (no descriptors left) concern one connection: the next is taken.
  server.on("error", () => undefined);
  if (bindsPath) chmodSync(address.path, 0o660);
  const listener = new Listener(address, server);
  if (sharesReads) {
    takeConnections(server, sharedReader, (socket, remoteAddress, remotePort) => {
      const facts = factsOf(listener, remoteAddress, remotePort);
      onSocket(new StreamSocket(socket, facts, "shared"));
    });
  }
  return listener;
}

function whereOf(
  address: ListenAddress,
  reusePort: boolean,
  descriptor: number | undefined,
): { fd: number } | { path: string } | { host: string; port: number; reusePort: boolean } {
  if (descriptor !== undefined) return { fd: descriptor };
  if (address.kind === "unix") return { path: address.path };
  return { host: address.host, port: address.port, reusePort };
}

function factsOf({ port, address }: Listener, remoteAddress = "", remotePort = 0): SocketFacts {
  return { remoteAddress, remotePort, localPort: port, unix: address.kind === "unix" };
}

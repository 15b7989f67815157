// Listening sockets: TCP and unix. What can go wrong when one is opened comes as a ListenError in
// words that say what to do.
import { chmodSync, lstatSync, statSync, unlinkSync } from "node:fs";
import { createServer, connect, type AddressInfo, type Server } from "node:net";
import { dirname } from "node:path";
import { StreamSocket } from "./socket.ts";

export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Why an address cannot be listened on. `code` is the system's (EADDRINUSE, EACCES …). */
export class ListenError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

// The kernel cuts it to net.core.somaxconn.
const BACKLOG = 4096;

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

  /** Takes no more connections; those it took go on. */
  close(): void {
    this.#server.close();
  }
}

/** Listens on `address` and hands each connection to `onSocket`. Throws a ListenError. */
export async function listen(
  address: ListenAddress,
  onSocket: (socket: StreamSocket) => void,
): Promise<Listener> {
  if (address.kind === "unix") await removeStaleSocket(address);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    onSocket(new StreamSocket(socket, address.kind === "unix")),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(inWords(error, address)));
    const where =
      address.kind === "tcp" ? { host: address.host, port: address.port } : { path: address.path };
    server.listen({ ...where, backlog: BACKLOG }, resolve);
  });
  // Errors of a running listener (no descriptors left) concern one connection: the next is taken.
  server.on("error", () => undefined);
  if (address.kind === "unix") chmodSync(address.path, 0o660);
  return new Listener(address, server);
}

/** How people write `address`: `127.0.0.1:80`, `[::1]:80`, `unix:/run/x`. */
export function formatAddress(address: ListenAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}

// A server that was killed leaves its socket's file behind, and then nobody can bind it. It is
// stale where the system refuses to connect; whatever else it says, somebody may be there.
async function removeStaleSocket(address: ListenAddress & { kind: "unix" }): Promise<void> {
  const { path } = address;
  try {
    statSync(dirname(path)); // the system's own answer would be that it may not be written to
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (!found.isSocket()) {
      throw new ListenError("EEXIST", `${path} exists and is not a socket: choose another path.`);
    }
    if ((await connectError(path)) === "ECONNREFUSED") unlinkSync(path);
  } catch (error) {
    throw error instanceof ListenError ? error : inWords(error as NodeJS.ErrnoException, address);
  }
}

/** The code of the error that connecting to `path` ends in; null where somebody answers. */
function connectError(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(null);
    });
    probe.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  });
}

function inWords(error: NodeJS.ErrnoException, address: ListenAddress): ListenError {
  const code = error.code ?? "";
  const words = (address.kind === "unix" ? UNIX_WORDS : TCP_WORDS)[code] ?? error.message;
  return new ListenError(code, `${formatAddress(address)}: ${words}`);
}

const TCP_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: "taken. Another program listens there: stop it, or choose another address.",
  EACCES: "ports below 1024 need root or CAP_NET_BIND_SERVICE. Choose one from 1024 up.",
  EADDRNOTAVAIL: "this machine has no such address. 0.0.0.0 means all of IPv4, [::] all.",
  ENOTFOUND: "no host of that name.",
  EAI_AGAIN: "the host's name could not be looked up.",
  EINVAL: "the system refuses this address.",
};

const UNIX_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: "taken. Another program listens there: stop it, or choose another path.",
  EACCES: "no permission to make a socket in that folder.",
  ENOENT: "the folder for the socket does not exist.",
  ENAMETOOLONG: "a unix socket's path may have 107 bytes.",
  EINVAL: "a unix socket's path may have 107 bytes.",
};

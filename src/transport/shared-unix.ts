// A unix socket that several threads accept on. The thread that opens it accepts nothing: it holds
// the listening descriptor, and hands out duplicates.
//
// Node unlinks the path that a server bound when the server closes. So it binds a temporary name,
// which becomes the real one by a link; the server is closed, and what it unlinks is the temporary
// name. The link fails where the path exists, so that of two servers at once one is told.
//
// `lendUnix` is the plain way to have another process listen: what listens is handed over in the
// turn in which it was made, and let go of. Who is to be started again listens anew, and between
// the two everybody is refused.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, closeSync, linkSync, openSync, unlinkSync, constants } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname } from "node:path";
import { inWords, ListenError, type UnixAddress } from "./address.ts";
import { descriptorOf } from "./handle.ts";
import { BACKLOG } from "./listener.ts";
import { F_DUPFD_CLOEXEC, native, type Native } from "./native.ts";
import { removeStaleSocket } from "./stale-socket.ts";

/** Of a socket's address, without its last NUL (unix(7)). */
const NAME_BYTES_MAX = 107;

export class SharedUnix {
  readonly address: UnixAddress;
  readonly #native: Native;
  readonly #fd: number;

  constructor(address: UnixAddress, native: Native, fd: number) {
    this.address = address;
    this.#native = native;
    this.#fd = fd;
  }

  /** What it holds, for another process to be started with. */
  get descriptor(): number {
    return this.#fd;
  }

  /** A descriptor that listens there, for `listen`; whoever gets it closes it. */
  duplicate(): number {
    return duplicateOf(this.#fd, this.#native);
  }

  /** Lets go of it; who has a duplicate listens on. `unlink`: nobody new shall come. */
  close({ unlink }: { readonly unlink: boolean }): void {
    if (unlink) {
      try {
        unlinkSync(this.address.path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    closeSync(this.#fd);
  }
}

/** Listens at `address` for others to accept; null: not without koffi. Throws a ListenError. */
export async function openSharedUnix(address: UnixAddress): Promise<SharedUnix | null> {
  const calls = native();
  if (calls === null) return null;
  const keep = (fd: number): number => duplicateOf(fd, calls);
  return new SharedUnix(address, calls, await listening(address, keep));
}

/**
 * Hands `take` a descriptor that listens at `address` for as long as it runs: whom it is given to
 * has it, nobody else. Throws a ListenError.
 */
export function lendUnix<T>(address: UnixAddress, take: (fd: number) => T): Promise<T> {
  return listening(address, take);
}

async function listening<T>(address: UnixAddress, take: (fd: number) => T): Promise<T> {
  let folder = -1;
  try {
    folder = openSync(dirname(address.path), constants.O_RDONLY | constants.O_DIRECTORY);
    return await bind(address, folder, take);
  } catch (error) {
    throw inWords(error as NodeJS.ErrnoException, address);
  } finally {
    if (folder >= 0) closeSync(folder);
  }
}

async function bind<T>(address: UnixAddress, folder: number, take: (fd: number) => T): Promise<T> {
  // By this name of the folder, its own may be of any length.
  const near = `/proc/self/fd/${folder}`;
  const path = `${near}/${basename(address.path)}`;
  // Longer, it could be made and not be connected to.
  if (Buffer.byteLength(path) > NAME_BYTES_MAX) throw because("ENAMETOOLONG");
  if (!(await removeStaleSocket(address, path))) throw because("EADDRINUSE");
  const temporary = `${near}/.portico-${randomBytes(6).toString("hex")}.sock`;
  const server = createServer();
  server.listen({ path: temporary, backlog: BACKLOG });
  await once(server, "listening");
  // No turn of the loop from here to `close`: this thread would accept in it.
  try {
    const fd = descriptorOf(server);
    if (fd < 0) throw because("ENOTSUP");
    chmodSync(temporary, 0o660);
    linkSync(temporary, path);
    try {
      return take(fd);
    } catch (error) {
      unlinkSync(path);
      throw error;
    }
  } finally {
    server.close();
  }
}

function because(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function duplicateOf(fd: number, calls: Native): number {
  const copy = calls.fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw new ListenError("EMFILE", `no descriptor is left (errno ${calls.errno()}).`);
  return copy;
}

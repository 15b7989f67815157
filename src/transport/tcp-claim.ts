// A TCP address for threads that share it by `reusePort`. The system lets every server of one user
// share it then, so that a second one would get some of the connections, and nobody would be told:
// before threads bind it, it must be ours alone.
//
//   a name in the abstract namespace (unix(7)), which goes with its process, keeps out others who
//   claim; binding it once without sharing finds all else
import { once } from "node:events";
import { createServer, type AddressInfo, type ListenOptions, type Server } from "node:net";
import { formatAddress, inWords, type TcpAddress } from "./address.ts";

export interface TcpClaim {
  /** A free one for 0. */
  readonly port: number;
  /** Lets others claim the address; whoever listens there goes on. */
  release(): void;
}

/**
 * Claims `address` for this process. Where `isShared`, it listens on that port already, by an
 * address that this one covers or is covered by, and only claims are kept out. Throws a
 * ListenError.
 */
export async function claimTcp(address: TcpAddress, isShared = false): Promise<TcpClaim> {
  const port = address.port === 0 ? await portOf(address) : address.port;
  // First, so that of two who start at once one is kept out before it binds.
  const mark = await markOf({ ...address, port });
  try {
    if (!isShared && address.port !== 0) await portOf(address);
  } catch (error) {
    mark?.close();
    throw error;
  }
  return { port, release: () => void mark?.close() };
}

/** The port, of which it is sure that nobody listens there. */
async function portOf(address: TcpAddress): Promise<number> {
  const server = await opened({ host: address.host, port: address.port }, address);
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function markOf(address: TcpAddress): Promise<Server | null> {
  if (process.platform !== "linux") return null;
  const mark = await opened({ path: `\0portico ${formatAddress(address).toLowerCase()}` }, address);
  return mark.unref();
}

async function opened(where: ListenOptions, address: TcpAddress): Promise<Server> {
  const server = createServer((early) => early.destroy());
  try {
    server.listen(where);
    await once(server, "listening");
  } catch (error) {
    throw inWords(error as NodeJS.ErrnoException, address);
  }
  return server;
}

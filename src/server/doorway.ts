// One address that all workers accept on. By TCP each has a listener of its own, and the kernel
// spreads connections over them (SO_REUSEPORT); a unix socket is one, shared by its descriptor.
import { WorkerGone, type PooledWorker } from "../runtime/index.ts";
import {
  claimTcp,
  formatAddress,
  ListenError,
  openSharedUnix,
  type ListenAddress,
  type SharedUnix,
  type TcpClaim,
} from "../transport/index.ts";
import type { Order } from "./orders.ts";

// Between the look whether a port is free and a worker's taking it, somebody else may: where any
// port is fine, another is looked for.
const ANY_PORT_TRIES = 5;

export class Doorway {
  /** What tells it from others: the address as it was asked for. */
  readonly key: string;
  /** With the port that was taken where 0 was asked for. */
  readonly address: ListenAddress;
  readonly #claim: TcpClaim | null;
  readonly #shared: SharedUnix | null;
  #isLetGo = false;

  constructor(
    key: string,
    address: ListenAddress,
    claim: TcpClaim | null,
    shared: SharedUnix | null,
  ) {
    this.key = key;
    this.address = address;
    this.#claim = claim;
    this.#shared = shared;
  }

  /**
   * Opens `address` on all `workers`, or on none; `isShared`: beside another doorway of that port.
   * Throws a ListenError.
   */
  static async open(
    key: string,
    address: ListenAddress,
    workers: readonly PooledWorker[],
    isShared: boolean,
  ): Promise<Doorway> {
    const isAny = address.kind === "tcp" && address.port === 0;
    for (let tries = 1; ; tries += 1) {
      const doorway = await claim(key, address, isShared);
      try {
        await Promise.all(workers.map((worker) => doorway.admit(worker)));
        return doorway;
      } catch (error) {
        await doorway.close(workers);
        const { code, message } = error as NodeJS.ErrnoException;
        if (isAny && code === "EADDRINUSE" && tries < ANY_PORT_TRIES) continue;
        throw new ListenError(code ?? "", message);
      }
    }
  }

  /** How the start line names it. */
  get url(): string {
    const text = formatAddress(this.address);
    return this.address.kind === "unix" ? text : `http://${text}`;
  }

  /** Has `worker` accept here, too; in place of `before`, where it is to relieve that one. */
  async admit(worker: PooledWorker, before: PooledWorker | null = null): Promise<void> {
    const { key, address } = this;
    // Without descriptors to share, a socket's path is one worker's.
    if (address.kind === "unix" && this.#shared === null && worker.index > 0) return;
    const descriptor = this.#shared?.duplicate() ?? (await lentBy(before, key));
    await worker.ask({ kind: "listen", key, address, descriptor } satisfies Order);
  }

  /** Nobody accepts here any more; what was accepted goes on. */
  async close(workers: readonly PooledWorker[]): Promise<void> {
    // A worker that is gone listens no more.
    const order: Order = { kind: "unlisten", key: this.key };
    await Promise.allSettled(workers.map((worker) => worker.ask(order)));
    this.#claim?.release();
    this.letGo();
  }

  /** Once the workers have closed, too, who connects to a unix socket is refused. */
  letGo(): void {
    if (!this.#isLetGo) this.#shared?.close({ unlink: true });
    this.#isLetGo = true;
  }
}

/** What `before` listens on: who waits there to be accepted is not cut when it leaves. */
async function lentBy(before: PooledWorker | null, key: string): Promise<number | null> {
  if (before === null) return null;
  try {
    return (await before.ask({ kind: "lend", key } satisfies Order)) as number | null;
  } catch (error) {
    if (error instanceof WorkerGone) return null;
    throw error;
  }
}

async function claim(key: string, address: ListenAddress, isShared: boolean): Promise<Doorway> {
  if (address.kind === "unix") {
    return new Doorway(key, address, null, await openSharedUnix(address));
  }
  const claimed = await claimTcp(address, isShared);
  return new Doorway(key, { ...address, port: claimed.port }, claimed, null);
}

// All addresses that the server accepts on, as a config has them. A reload opens new ones before
// old ones close: a listener that closes takes the connections along that wait in it, so those that
// stay are left alone.
import type { PooledWorker } from "../runtime/index.ts";
import { ListenError, type ListenAddress } from "../transport/index.ts";
import { addressKey } from "./addresses.ts";
import type { Config } from "./config.ts";
import { Doorway } from "./doorway.ts";

const DEFAULT_KEY = "default";
const DEFAULT_PORTS = { first: 8080, last: 8179 };

export class Doorways {
  #open = new Map<string, Doorway>();

  get urls(): string[] {
    return Array.from(this.#open.values(), (doorway) => doorway.url);
  }

  /** Opens what `listen` has and is not open yet: all of it, or nothing. Throws a ListenError. */
  async openNew(listen: Config["listen"], workers: readonly PooledWorker[]): Promise<Opened> {
    const wanted = keyed(listen);
    const opened = new Map<string, Doorway>();
    try {
      for (const [key, address] of wanted) {
        if (this.#open.has(key)) continue;
        const isShared = address !== null && this.#hasPort(address, opened.values());
        opened.set(key, await openOne(key, address, workers, isShared));
      }
    } catch (error) {
      for (const doorway of opened.values()) await doorway.close(workers);
      throw error;
    }
    return { wanted, opened };
  }

  /** Whether the port is this server's already, by another address: its workers share it. */
  #hasPort(wanted: ListenAddress, opened: Iterable<Doorway>): boolean {
    if (wanted.kind === "unix" || wanted.port === 0) return false;
    return [...this.#open.values(), ...opened].some(
      ({ address }) => address.kind === "tcp" && address.port === wanted.port,
    );
  }

  /** Closes what was not wanted any more. */
  async adopt({ wanted, opened }: Opened, workers: readonly PooledWorker[]): Promise<void> {
    const before = this.#open;
    this.#open = new Map();
    for (const key of wanted.keys()) this.#open.set(key, (opened.get(key) ?? before.get(key))!);
    for (const [key, doorway] of before) if (!wanted.has(key)) await doorway.close(workers);
  }

  /** Has `worker`, which replaces another or relieves `before`, accept on all of them. */
  async admit(worker: PooledWorker, before: PooledWorker | null): Promise<void> {
    for (const doorway of this.#open.values()) await doorway.admit(worker, before);
  }

  /** For workers that drain: nobody waits at a unix socket that none of them accepts on. */
  letGo(): void {
    for (const doorway of this.#open.values()) doorway.letGo();
  }

  async close(workers: readonly PooledWorker[]): Promise<void> {
    await Promise.all(Array.from(this.#open.values(), (doorway) => doorway.close(workers)));
  }
}

/** What `openNew` opened, of what was wanted. */
export interface Opened {
  readonly wanted: ReadonlyMap<string, ListenAddress | null>;
  readonly opened: ReadonlyMap<string, Doorway>;
}

/** Gives back what `openNew` opened. */
export async function closeOpened(
  { opened }: Opened,
  workers: readonly PooledWorker[],
): Promise<void> {
  for (const doorway of opened.values()) await doorway.close(workers);
}

/** Each address under a key that stays its own over reloads; null: the first free default port. */
function keyed(listen: Config["listen"]): Map<string, ListenAddress | null> {
  const wanted = new Map<string, ListenAddress | null>();
  if (listen.length === 0) wanted.set(DEFAULT_KEY, null);
  for (const { address } of listen) {
    const text = addressKey(address);
    let key = text;
    // Several may ask for any port of one host.
    for (let nth = 2; wanted.has(key); nth += 1) key = `${text} ${nth}`;
    wanted.set(key, address);
  }
  return wanted;
}

async function openOne(
  key: string,
  address: ListenAddress | null,
  workers: readonly PooledWorker[],
  isShared: boolean,
): Promise<Doorway> {
  if (address !== null) return Doorway.open(key, address, workers, isShared);
  const { first, last } = DEFAULT_PORTS;
  for (let port = first; port <= last; port += 1) {
    try {
      return await Doorway.open(key, { kind: "tcp", host: "127.0.0.1", port }, workers, false);
    } catch (error) {
      if (!(error instanceof ListenError) || error.code !== "EADDRINUSE") throw error;
    }
  }
  const message = `127.0.0.1: all ports from ${first} to ${last} are taken. Name another with -l.`;
  throw new ListenError("EADDRINUSE", message);
}

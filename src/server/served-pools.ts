// The processes that a config wants run beside the server, as the supervisor has them.
import type { Log } from "../base/log.ts";
import { ProcessPools, runFolder, type PoolNote, type PoolSpec } from "../runtime/index.ts";
import type { Config } from "./config.ts";
import type { Registry } from "./registry.ts";
import { placedRoutes } from "./routes.ts";

// When it comes to that, nobody asks anything of them any more.
const END_MS = 500;

export class ServedPools {
  readonly #log: Log;
  #folder = "";
  #pools: ProcessPools | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** In which their sockets lie. To be asked for behind `start`. */
  get folder(): string {
    return this.#folder;
  }

  /** `data`: the server's folder, if it has one. Throws with what can't be started, in words. */
  async start(config: Config, registry: Registry, data: string | undefined): Promise<void> {
    this.#folder = runFolder(data);
    this.#pools = new ProcessPools(this.#folder, this.#log);
    await this.prepare(config, registry);
    this.adopt();
  }

  /** Starts what `config` wants beyond what runs; `adopt` or `discard` follows, or it threw. */
  async prepare(config: Config, registry: Registry): Promise<void> {
    await this.#pools?.prepare(specsOf(config, registry));
  }

  adopt(): void {
    this.#pools?.adopt();
  }

  async discard(): Promise<void> {
    await this.#pools?.discard();
  }

  receive(note: PoolNote): void {
    this.#pools?.receive(note);
  }

  async stop(): Promise<void> {
    await this.#pools?.stop(END_MS);
  }
}

function specsOf(config: Config, registry: Registry): PoolSpec[] {
  return placedRoutes(config, registry).flatMap(({ room, options, place }) => {
    const spec = room.pool?.(options, place) ?? null;
    return spec === null ? [] : [spec];
  });
}

// The servers of one run: those that stay up for the rows of load, idle while others are measured,
// and fresh ones for the rows that need them.
import path from "node:path";
import { SERVER_CPU } from "./processors.ts";
import { RunningServer } from "./running-server.ts";
import type { Contestant } from "./servers/contestant.ts";

export interface ArenaOptions {
  /** Where servers keep their configs and logs. */
  readonly folder: string;
  readonly material: string;
  readonly firstPort: number;
  /** The length of a round. */
  readonly seconds: number;
}

export class Arena {
  readonly material: string;
  readonly seconds: number;
  readonly #folder: string;
  #nextPort: number;
  readonly #kept = new Map<string, RunningServer>();

  constructor({ folder, material, firstPort, seconds }: ArenaOptions) {
    this.#folder = folder;
    this.material = material;
    this.#nextPort = firstPort;
    this.seconds = seconds;
  }

  /** The server that stays up, with one worker on the servers' core. */
  async kept(contestant: Contestant): Promise<RunningServer> {
    const known = this.#kept.get(contestant.name);
    if (known !== undefined) return known;
    const server = await this.#start(contestant, 1, SERVER_CPU);
    this.#kept.set(contestant.name, server);
    return server;
  }

  /** Runs `use` with a server of its own, which is stopped afterwards. */
  async withFresh<T>(
    contestant: Contestant,
    { workers = 1, cpus = SERVER_CPU },
    use: (server: RunningServer) => Promise<T>,
  ): Promise<T> {
    const server = await this.#start(contestant, workers, cpus);
    try {
      return await use(server);
    } finally {
      await server.stop();
    }
  }

  /** Stops the servers that stayed up. */
  async stop(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((server) => server.stop()));
  }

  #start(contestant: Contestant, workers: number, cpus: string): Promise<RunningServer> {
    // A port of its own each time: connections of a server before are still in TIME_WAIT.
    const port = this.#nextPort++;
    const folder = path.join(this.#folder, `${contestant.name}-${port}`);
    const setting = { folder, material: this.material, port, workers };
    return RunningServer.start(contestant, setting, cpus);
  }
}

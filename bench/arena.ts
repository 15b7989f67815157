// The servers of one run: those that stay up for the rows of load, idle while others are measured,
// and fresh ones for the rows that need them.
import { createServer } from "node:net";
import path from "node:path";
import { Backend, type BackendName, programOf, socketOf } from "./backends.ts";
import { ControlGroup } from "./control-group.ts";
import { SERVER_CPU } from "./processors.ts";
import { RunningServer } from "./running-server.ts";
import { makeScripts } from "./scripts.ts";
import type { Contestant } from "./servers/contestant.ts";
import { storeIn } from "./store.ts";

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
  readonly #backends = new Map<BackendName, Backend>();
  readonly #groups = new Map<string, ControlGroup | null>();

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

  /** What servers hand scripts to; it stays up, too. Null where it is not installed. */
  async backend(name: BackendName): Promise<Backend | null> {
    const known = this.#backends.get(name);
    if (known !== undefined) return known;
    const program = programOf(name);
    if (program === null) return null;
    const backend = await Backend.start(this.#folder, name, program);
    this.#backends.set(name, backend);
    return backend;
  }

  /** A control group that is called `name`; null where none can be made. */
  group(name: string): ControlGroup | null {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = ControlGroup.make(`portico-bench-${process.pid}-${name}`);
    this.#groups.set(name, group);
    return group;
  }

  /** Stops the servers that stayed up, and what they used. */
  async stop(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((server) => server.stop()));
    await Promise.all([...this.#backends.values()].map((backend) => backend.stop()));
    for (const group of this.#groups.values()) await group?.remove();
  }

  async #start(contestant: Contestant, workers: number, cpus: string): Promise<RunningServer> {
    const port = await this.#freePort();
    const folder = path.join(this.#folder, `${contestant.name}-${port}`);
    const scripts = path.join(this.#folder, "scripts");
    makeScripts(scripts);
    const setting = {
      folder,
      material: this.material,
      scripts,
      socketOf: (name: BackendName) => socketOf(this.#folder, name),
      store: storeIn(folder),
      port,
      workers,
    };
    return RunningServer.start(contestant, setting, cpus);
  }

  // Another one each time: connections of a server before are still in TIME_WAIT.
  async #freePort(): Promise<number> {
    while (!(await isFree(this.#nextPort))) this.#nextPort += 1;
    this.#nextPort += 1;
    return this.#nextPort - 1;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

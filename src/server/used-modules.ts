// Modules of `use` on the thread that reads configs: loaded anew at the next reading where a file
// of theirs has changed, so that a reload checks a config by the rooms that its workers will have.
import { ModuleGraphs } from "../runtime/index.ts";
import { doors, HOME } from "./doors.ts";
import type { LoadModule } from "./use.ts";

// As long as a request may take by default: a config is no more patient.
const LOAD_MS = 60_000;

export class UsedModules {
  readonly #graphs = new ModuleGraphs({ doors: doors(), home: HOME });
  #turn: Promise<unknown> = Promise.resolve();

  /** Has `read` load what it needs, for one reading. One at a time. */
  during<T>(read: (loadModule: LoadModule) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      try {
        return await read((file) => this.#graphs.load(file, { deadlineMs: LOAD_MS }));
      } finally {
        // Whoever holds rooms of before goes on with them.
        this.#graphs.commit();
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

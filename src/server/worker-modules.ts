// The operator's code in one worker: rooms from outside, and the modules of routes. What a reload
// replaces is disposed of when nobody is served by it any more.
import type { Log } from "../base/log.ts";
import {
  disposeOf,
  ModuleGraphs,
  type LoadedModule,
  type ModuleExports,
} from "../runtime/index.ts";
import { doors, HOME } from "./doors.ts";
import type { LoadedCode, Loading, Served } from "./orders.ts";
import type { Registry } from "./registry.ts";
import { moduleFiles } from "./routes.ts";
import { registryOf } from "./use.ts";

// How often to look whether a request is still under way on what was replaced.
const LOOK_MS = 200;

/** Those who are served by what was replaced. */
interface Remaining {
  /** Whether there are any. */
  isServed(): boolean;
  /** They were waited for long enough. */
  dismiss(): void;
}

interface Leaving {
  readonly modules: readonly LoadedModule[];
  readonly remaining: Remaining;
  readonly untilMs: number;
}

export class WorkerModules {
  readonly #graphs = new ModuleGraphs({ doors: doors(), home: HOME });
  readonly #note: (note: Loading) => void;
  readonly #leaving = new Set<Leaving>();
  #look: NodeJS.Timeout | null = null;

  constructor(note: (note: Loading) => void) {
    this.#note = note;
  }

  /** Loads what `served` names. `commit` or `discard` follows. Rejects with a ModuleFailed. */
  async prepare(served: Served): Promise<Registry> {
    const terms = {
      deadlineMs: served.config.timeouts.handler,
      sources: served.sources,
      onLoad: (file: string) => this.#note({ kind: "loading", file }),
    };
    const load = (file: string): Promise<ModuleExports> => this.#graphs.load(file, terms);
    const registry = served.registry ?? (await registryOf(served.modules, load));
    await this.#graphs.prepare(moduleFiles(served.config, registry), terms);
    this.#note({ kind: "loading", file: null });
    return registry;
  }

  exports(file: string): ModuleExports {
    return this.#graphs.exports(file);
  }

  /** What was prepared, or else what there is. */
  get loaded(): LoadedCode {
    const { generations } = this.#graphs;
    return { stamps: this.#graphs.stamps(), sources: this.#graphs.sources(), generations };
  }

  /** What was replaced is disposed of once it is not served any more, or after `withinMs`. */
  commit(remaining: Remaining, withinMs: number, log: Log): void {
    const modules = this.#graphs.commit();
    if (modules.length === 0) return;
    this.#leaving.add({ modules, remaining, untilMs: performance.now() + withinMs });
    this.#disposeUnserved(log);
  }

  discard(): void {
    this.#graphs.discard();
  }

  /** Disposes of all, at the end. */
  async close(log: Log): Promise<void> {
    if (this.#look !== null) clearTimeout(this.#look);
    const left = [...this.#leaving].flatMap(({ modules }) => modules);
    this.#leaving.clear();
    await disposeOf([...left, ...this.#graphs.close()], log);
  }

  #disposeUnserved(log: Log): void {
    this.#look = null;
    for (const leaving of this.#leaving) {
      const { modules, remaining, untilMs } = leaving;
      if (remaining.isServed() && performance.now() < untilMs) continue;
      this.#leaving.delete(leaving);
      remaining.dismiss();
      void disposeOf(modules, log);
    }
    if (this.#leaving.size === 0) return;
    this.#look = setTimeout(() => this.#disposeUnserved(log), LOOK_MS).unref();
  }
}

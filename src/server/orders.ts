// What the main thread tells its workers, and what they tell it.
import type { FinishedExchange } from "../http/engine/index.ts";
import type {
  EventNote,
  FromAccounts,
  FromCoordinator,
  FromSessions,
  PoolNote,
  SlotMemories,
  Sources,
  ToAccounts,
  ToCoordinator,
  ToSessions,
} from "../runtime/index.ts";
import type { ListenAddress } from "../transport/index.ts";
import type { Config } from "./config.ts";
import type { Registry } from "./registry.ts";
import type { SharedState } from "./shared-state.ts";

/** What a worker begins with. */
export interface ServingInit {
  readonly served: Served;
  readonly shared: SharedState;
  /** How many files the worker may keep open. */
  readonly openFilesMax: number;
  /** The data folder: nothing in it is served. */
  readonly hidden: string | undefined;
  /** In which the sockets of pools lie. */
  readonly runFolder: string;
  /** Errors that are logged are told, too: somebody listens to a library's server. */
  readonly tellsErrors: boolean;
}

/** What is served, and by which addresses: the loopback guard depends on them. */
export interface Served {
  readonly config: Config;
  readonly addresses: readonly ListenAddress[];
  /** Of rooms from outside, by absolute paths. */
  readonly modules: readonly string[];
  /** Of the routes that do only so much at once. */
  readonly slots: SlotMemories;
  /** What its routes name, where it serves in the thread that read it; null: `modules` says it. */
  readonly registry: Registry | null;
  /** Each request that is over is told. */
  readonly tellsRequests: boolean;
  /** The operator's code, as another worker loaded it; what is not among it is read. */
  readonly sources: Sources;
}

/** What a worker answers to `prepare`: the code that it would serve with. */
export interface LoadedCode {
  /** Of every file of it, by its path. */
  readonly stamps: ReadonlyMap<string, string>;
  /** For other workers to load the same. */
  readonly sources: Sources;
  /** How often this worker loaded something. */
  readonly generations: number;
}

export type Order =
  /** Accepts on `address`; on `descriptor`, which listens already and is the worker's from now. */
  | {
      readonly kind: "listen";
      readonly key: string;
      readonly address: ListenAddress;
      readonly descriptor: number | null;
    }
  | { readonly kind: "unlisten"; readonly key: string }
  /** Answered with another descriptor of what listens there, or null. */
  | { readonly kind: "lend"; readonly key: string }
  /**
   * Makes what would serve this, and is answered with a LoadedCode; `adopt` has it serve, `discard`
   * forgets it.
   */
  | { readonly kind: "prepare"; readonly served: Served }
  /** Answered with a LoadedCode: of what it serves. */
  | { readonly kind: "code" }
  | { readonly kind: "adopt" }
  | { readonly kind: "discard" }
  /** How many connections the process has descriptors for. */
  | { readonly kind: "bound"; readonly connectionsMax: number | null }
  /** Writes its counters to shared memory. */
  | { readonly kind: "count" }
  /**
   * Stops accepting, lets requests under way end, cuts what is left after `withinMs`. `gently`: for
   * most of that, requests are taken that come on connections which are open.
   */
  | { readonly kind: "drain"; readonly withinMs: number; readonly gently: boolean }
  /** Cuts everything. */
  | { readonly kind: "cut" }
  | FromSwitchboard;

/** What a worker had asked for. Not answered. */
export type FromSwitchboard =
  | { readonly kind: "coordinator"; readonly message: FromCoordinator }
  | { readonly kind: "account"; readonly message: FromAccounts }
  | { readonly kind: "session"; readonly message: FromSessions };

export type LogName = "access" | "notices";

export interface Lines {
  readonly kind: "lines";
  readonly log: LogName;
  /** Whole lines, each with its line feed. */
  readonly text: string;
  readonly count: number;
}

/** For the switchboard. */
export type Asked =
  | { readonly kind: "coordinator"; readonly message: ToCoordinator }
  | { readonly kind: "account"; readonly message: ToAccounts }
  | { readonly kind: "session"; readonly message: ToSessions }
  | { readonly kind: "event"; readonly message: EventNote };

export interface PoolTold {
  readonly kind: "pool";
  readonly message: PoolNote;
}

/** An error that was logged. */
export interface ErrorTold {
  readonly kind: "error";
  readonly message: string;
  /** As it is logged; "" where there is none. */
  readonly stack: string;
  /** Of the request that it is about; null: of none. */
  readonly id: string | null;
}

/** A request that is over. */
export interface RequestTold {
  readonly kind: "request";
  readonly finished: FinishedExchange;
}

export type Told = ErrorTold | RequestTold;

/** A worker loads a module, and may not survive it; null: it is done. */
export interface Loading {
  readonly kind: "loading";
  readonly file: string | null;
}

export type Note = Lines | Asked | Loading | PoolTold | Told;

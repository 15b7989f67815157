// What a room looks like from outside: a name (its key in the config), options, and what it makes
// of them. Only the registry names rooms; they know what is declared here, and what lies below.
import type { FailureTable } from "../base/failure.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Schema } from "../config/index.ts";
import type { SameSite } from "../protocol/index.ts";
import type {
  CoordinatorClient,
  EventsClient,
  ModuleExports,
  PoolNote,
  PoolSpec,
  Programs,
  SessionStore,
  SlotBounds,
  Slots,
} from "../runtime/index.ts";
import type { OpenFileCache, Spools, Stores } from "../storage/index.ts";
import type { Filter, Handler } from "./exchange/index.ts";

export type { ModuleExports };

/** What the house hands to every room when a route is made. */
export interface RoomContext {
  readonly log: Log;
  readonly clock: Clock;
  readonly files: OpenFileCache;
  /** Folders that are written to. */
  readonly stores: Stores;
  /** Leases and slots that hold over all workers of the server. */
  readonly coordinator: CoordinatorClient;
  /** Of the route, over all workers; without bound where its room has no `concurrency`. */
  readonly slots: Slots;
  /** What has to be whole before somebody reads it. */
  readonly spools: Spools;
  /** Tells whom a route names what was stored on it. */
  readonly events: EventsClient;
  /** Keeps what visitors' sessions hold, for all workers. */
  readonly sessions: SessionStore;
  /** How a visitor's session is known by. */
  readonly sessionSettings: SessionCookieSettings;
  /** What a module of the route exports: of those that its room's `modules` names, by its path. */
  readonly module: (file: string) => ModuleExports;
  /** Runs programs, and ends them where the worker or the server ends. */
  readonly programs: Programs;
  /** Of this server's workers alone, made anew at each start: for seals on what clients keep. */
  readonly secret: Uint8Array;
  /** Has a stop wait for `work`, which goes on behind an answer. */
  readonly keepUntil: (work: Promise<unknown>) => void;
  /** What goes wrong in apps may be shown to whoever asked: nobody but their makers is served. */
  readonly dev: boolean;
  /** In which the sockets of pools lie: `poolSocket` says how they are called. */
  readonly runFolder: string;
  /** Tells the main thread of a process of a pool that hangs: it is ended, and another started. */
  readonly onPoolHangs: (note: PoolNote) => void;
  /** The route's path, as the config has it. */
  readonly route: string;
  /** What tells the route from all others of the config, in every worker and after a reload. */
  readonly place: string;
  /** The folder that is the site's "/": its `root`, else that of its static route at `/*`. */
  readonly documentRoot: string | null;
  /** How long the head of an answer may take. */
  readonly handlerMs: number;
  /** Folders that any route puts uploads in: what is in them is served so that it can't attack. */
  readonly uploadFolders: readonly string[];
  /** What any route runs by where it lies: never served as files. */
  readonly scriptFolders: readonly ScriptFolder[];
  /** Suffixes (".php") that suffix routes of the same site claim: never served as files. */
  readonly claimedSuffixes: readonly string[];
}

/** What the config says of all sessions and their cookie. */
export interface SessionCookieSettings {
  /** Its name, without the prefix that it has by TLS. */
  readonly cookie: string;
  readonly sameSite: SameSite;
  /** The first signs the cookie, all verify it; none: it is not signed. */
  readonly secrets: readonly string[];
  /** What one session may hold. */
  readonly bytesMax: number;
}

export interface ScriptFolder {
  readonly folder: string;
  /** It is no folder, but the one file that is run. */
  readonly isFile?: boolean;
  /** How the names of its scripts end; null: all that is in it may be one. */
  readonly suffixes: readonly string[] | null;
}

/** What a filter is handed: it answers by the request and the reply alone. */
export type FilterContext = Pick<RoomContext, "clock" | "log" | "sessions" | "sessionSettings">;

/** What a route's site says of it. */
export type SiteFacts = Pick<RoomContext, "claimedSuffixes">;

/** Methods that a handler answers. Others: 405 with `Allow` where they are known, else 501. */
export type Methods = readonly string[] | "any";

/** The methods of one route, where they depend on what it says. Typed as methods of rooms are. */
type MethodsOf<Options> = { of(options: Options, site: SiteFacts): Methods }["of"];

/** `Written` is what a config says, `Options` what it comes to. */
export interface HandlerRoom<Options = unknown, Written = unknown, Name extends string = string> {
  readonly kind: "handler";
  /** Its key in a route. */
  readonly name: Name;
  readonly doc: string;
  readonly options: Schema<Options, Written>;
  readonly methods: Methods | MethodsOf<Options>;
  readonly failures: FailureTable;
  /** The folder that strangers put files in, by a route's options; null: none. */
  uploadsTo?(options: Options): string | null;
  /** Folders whose files the route may run: no upload may be stored in or around them. */
  reaches?(options: Options): readonly string[];
  /** What of a folder a route runs, or which file, unless it is a suffix route; null: nothing. */
  runsBelow?(options: Options): ScriptFolder | null;
  /** Bytes that a request's body may have, by a route's options; null: as many as the server's. */
  bodyBytesMax?(options: Options): number | null;
  /**
   * How much of what is slow a route does at once, over all workers, and how many may wait for
   * it: up to SLOTS_MAX and WAITING_MAX. Null: without bound.
   */
  concurrency?(options: Options): SlotBounds | null;
  /**
   * Makes what a route needs on disk: once, before any worker serves it. Resolves with what is in
   * the way, in words, or null.
   */
  prepare?(options: Options, stores: Stores): Promise<string | null>;
  /**
   * Processes that the server is to run for a route; null: none. `place` is the route's own.
   */
  pool?(options: Options, place: string): PoolSpec | null;
  /** Modules of code that a route runs, by their paths: loaded in every worker before `create`. */
  modules?(options: Options): readonly string[];
  /** Once in a worker's life, before a module is loaded: makes the thread fit for them. */
  begin?(): void;
  create(options: Options, context: RoomContext): Handler;
}

export interface FilterRoom<Options = unknown, Written = unknown, Name extends string = string> {
  readonly kind: "filter";
  /** Its key in a route. */
  readonly name: Name;
  readonly doc: string;
  readonly options: Schema<Options, Written>;
  readonly failures: FailureTable;
  create(options: Options, context: FilterContext): Filter;
}

type Given<Room, Left extends keyof Room> = Omit<Room, "kind" | Left> & Partial<Pick<Room, Left>>;

/** A handler's room; a GET handler unless it says otherwise. */
export function handlerRoom<Options, Written, const Name extends string>(
  room: Given<HandlerRoom<Options, Written, Name>, "methods" | "failures">,
): HandlerRoom<Options, Written, Name> {
  return { kind: "handler", methods: ["GET", "HEAD"], failures: {}, ...room };
}

export function filterRoom<Options, Written, const Name extends string>(
  room: Given<FilterRoom<Options, Written, Name>, "failures">,
): FilterRoom<Options, Written, Name> {
  return { kind: "filter", failures: {}, ...room };
}

/** A handler's or a filter's. */
export type Room = HandlerRoom | FilterRoom;

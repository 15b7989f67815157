// Where the config comes from, what the command line has over it, and what is different after it
// was read again.
import { availableParallelism } from "node:os";
import { differences, type Difference } from "../config/index.ts";
import type { ListenAddress } from "../transport/index.ts";
import type { Config } from "./config.ts";
import { DESCRIPTOR_LIMIT, workersWithin } from "./descriptors.ts";
import type { LoadedConfig } from "./loaded-config.ts";

export interface ConfigSource {
  /** The config file; null: there is none, as for `serve DIR`. */
  readonly file: string | null;
  readonly loaded: LoadedConfig;
  /** Reads it again: the config, or what is wrong with it, for people; null: there is no file. */
  reread(): Promise<LoadedConfig | string | null>;
}

/** What the command line says; null: as the config has it. */
export interface Overrides {
  readonly addresses: readonly ListenAddress[] | null;
  readonly accessLog: string | null;
  readonly workers: number | null;
}

export interface Changes {
  /** A line each. */
  readonly changed: readonly string[];
  /** What stays as it is until the server is started again. */
  readonly restart: readonly string[];
}

/** The config with what the command line has over it, and what stays as it was `started` with. */
export function effective(
  config: Config,
  { addresses, accessLog }: Overrides,
  started = config,
): Config {
  const { listen, log, session } = config;
  return {
    ...config,
    listen: addresses === null ? listen : addresses.map((address) => ({ address })),
    log: accessLog === null ? log : { ...log, access: accessLog },
    session: { ...session, store: started.session.store },
  };
}

/** How many workers to start; by itself no more than there are descriptors for. */
export function workerCount({ workers }: Config, overrides: Overrides): number {
  if (overrides.workers !== null) return overrides.workers;
  if (workers !== "auto") return workers;
  return Math.min(availableParallelism(), workersWithin(DESCRIPTOR_LIMIT));
}

/**
 * What a reload from `before` to `after` changes. What needs a restart is told by what `started`
 * has: it is still so at the next reload, and no more once it is taken back.
 */
export function changesBetween(
  before: LoadedConfig,
  after: LoadedConfig,
  overrides: Overrides,
  started = before,
): Changes {
  const changed: string[] = [];
  const restart: string[] = [];
  for (const difference of differences(started.tree, after.tree)) {
    const { path } = difference;
    if (needsRestart(path) && optionOver(path, overrides) === null) {
      restart.push(`${textOf(difference)} (needs a restart)`);
    }
  }
  for (const difference of differences(before.tree, after.tree)) {
    const { path } = difference;
    const option = optionOver(path, overrides);
    const text = textOf(difference);
    if (option !== null) restart.push(`${text} (${option} on the command line has the say)`);
    else if (!needsRestart(path)) changed.push(text);
  }
  return { changed, restart };
}

/** What is told is logged, too: passwords and keys are not. */
function textOf({ path, text }: Difference): string {
  const [first, second] = path;
  const isSecret = first === "session" && (second === "secret" || second === "store");
  return isSecret ? `session.${second}: changed` : text;
}

function needsRestart([first, second]: readonly (string | number)[]): boolean {
  if (first === "session") return second === "store";
  return first === "workers" || first === "data";
}

function optionOver(path: readonly (string | number)[], overrides: Overrides): string | null {
  const [first, second] = path;
  if (first === "listen" && overrides.addresses !== null) return "-l";
  if (first === "log" && second === "access" && overrides.accessLog !== null) return "--access-log";
  if (first === "workers" && overrides.workers !== null) return "-w";
  return null;
}

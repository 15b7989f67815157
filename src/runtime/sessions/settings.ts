// How sessions are kept, as plain values: the config's, which workers are handed as they are.
import { hash } from "node:crypto";
import { join } from "node:path";

/** What may be changed while a server runs. */
export interface SessionBounds {
  /** Since it was used last. */
  readonly idleMs: number;
  /** Since it was made. */
  readonly absoluteMs: number;
  /** What one may hold: its keys and values as JSON in UTF-8, and its user's name. */
  readonly bytesMax: number;
  /** How many of nobody's are kept: beyond it the one goes that was used longest ago. */
  readonly strangersMax: number;
}

export interface SessionSettings extends SessionBounds {
  /** "memory", "sqlite", or a URL of `redis:` or `rediss:`. */
  readonly store: string;
}

const FILE = "sessions.sqlite";
const URL_START = /^rediss?:\/\//;
/** Uses are noted this seldom, or a hundred times within `idleMs`: to note is to write. */
const NOTE_MS_MAX = 60_000;

export function isRedis(store: string): boolean {
  return URL_START.test(store);
}

/** What is wrong with a store as the config names it; null: nothing. */
export function storeComplaint(store: string): string | null {
  if (store === "memory" || store === "sqlite") return null;
  const url = isRedis(store) ? URL.parse(store) : null;
  if (url === null || url.hostname === "") {
    return 'a store is "sqlite", "memory" or a URL such as "redis://127.0.0.1:6379"';
  }
  if (!/^(\/\d*)?$/.test(url.pathname)) return "behind the host stands a database's number: /0";
  return url.search + url.hash === "" ? null : "such a URL has neither a query nor a fragment";
}

/** Where sessions lie in `folder`, the data folder; null: the main thread has them in memory. */
export function sessionsFile({ store }: SessionSettings, folder: string | null): string | null {
  return store === "sqlite" && folder !== null ? join(folder, FILE) : null;
}

/** What a store knows a session by: who reads the store can't show its id. */
export function digestOf(id: string): string {
  return hash("sha256", id, "hex");
}

/** A use is noted where the last that was noted is older. */
export function noteMs({ idleMs }: SessionBounds): number {
  return Math.min(NOTE_MS_MAX, idleMs / 100);
}

/** When it is over, unless it is used before. */
export function expiresMs(
  { createdMs, usedMs }: { readonly createdMs: number; readonly usedMs: number },
  { idleMs, absoluteMs }: SessionBounds,
): number {
  return Math.min(usedMs + idleMs, createdMs + absoluteMs);
}

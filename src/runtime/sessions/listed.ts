// Sessions as those see them who run the server: `portico session list` and `end`.

/** How many are listed at most: those that were used last. */
export const LISTED_MAX = 1000;
/** Shorter ones are too easily another's. */
export const DIGEST_START = /^[0-9a-f]{8,64}$/;

export interface ListedSession {
  /** SHA-256 of its id, in hex. */
  readonly digest: string;
  readonly user: string | null;
  readonly createdMs: number;
  readonly usedMs: number;
  readonly expiresMs: number;
  readonly bytes: number;
}

export interface SessionList {
  readonly sessions: readonly ListedSession[];
  /** How many there are; more than are listed where there are more than LISTED_MAX. */
  readonly total: number;
}

/** All of one user, the one whose digest begins so, or all. */
export type WhichSessions =
  | { readonly user: string }
  | { readonly digest: string }
  | { readonly all: true };

/** The main thread's hold on sessions, wherever they are. */
export interface SessionRegister {
  /** Of everybody where `user` is null. */
  list(user: string | null): Promise<SessionList>;
  /** How many it ended; "several": more than one begins so, and none was. */
  end(which: WhichSessions): Promise<number | "several">;
}

/** The store can't be asked now: it is down, its disk is full. No fault of who asked. */
export class SessionsUnavailable extends Error {
  override name = "SessionsUnavailable";
}

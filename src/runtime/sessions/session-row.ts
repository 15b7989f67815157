// One session as a row of SQLite, for who writes and for who only reads.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { valuesOf } from "./session-values.ts";
import { expiresMs, type SessionBounds } from "./settings.ts";
import type { StoredSession } from "./store.ts";

const ONE = "SELECT user, createdMs, usedMs, bytes, vals FROM sessions WHERE digest = ?";

export interface SessionRow {
  readonly user: string | null;
  readonly createdMs: number;
  readonly usedMs: number;
  readonly bytes: number;
  readonly vals: string;
}

/** A session, and when its use was noted last. */
export interface LoadedSession extends StoredSession {
  readonly usedMs: number;
}

/** Finds one by its digest. */
export class RowReader {
  readonly #statement: StatementSync;

  constructor(database: DatabaseSync) {
    this.#statement = database.prepare(ONE);
  }

  /** Null: there is none, or it is over by `nowMs`. */
  row(digest: string, nowMs: number, bounds: SessionBounds): SessionRow | null {
    const row = this.#statement.get(digest) as SessionRow | undefined;
    return row === undefined || expiresMs(row, bounds) <= nowMs ? null : row;
  }

  session(digest: string, nowMs: number, bounds: SessionBounds): LoadedSession | null {
    const row = this.row(digest, nowMs, bounds);
    if (row === null) return null;
    const { user, createdMs, usedMs, vals } = row;
    return { values: valuesOf(vals), user, createdMs, usedMs };
  }
}

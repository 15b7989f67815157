// A worker's own look at the file of sessions: synchronous, 6 to 14 µs each, and no message. What
// the main thread has committed it sees, as SQLite's log is shared memory.
import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { SessionsUnavailable } from "./listed.ts";
import { RowReader, type LoadedSession } from "./session-row.ts";
import type { SessionBounds } from "./settings.ts";
import { sqlite } from "./sqlite.ts";

// For the moment in which the file is made, or its log is taken over from one that was killed.
const BUSY_MS = 1000;

export class SessionReader {
  readonly #file: string;
  #database: DatabaseSync | null = null;
  #rows: RowReader | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** Throws a SessionsUnavailable where the file can't be read. */
  load(digest: string, nowMs: number, bounds: SessionBounds): LoadedSession | null {
    try {
      this.#rows ??= this.#open();
      return this.#rows === null ? null : this.#rows.session(digest, nowMs, bounds);
    } catch (error) {
      throw new SessionsUnavailable((error as Error).message, { cause: error });
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
    this.#rows = null;
  }

  /** Null: there are no sessions yet. They are made by the main thread, which makes the file. */
  #open(): RowReader | null {
    if (!existsSync(this.#file)) return null;
    const options = { readOnly: true, timeout: BUSY_MS };
    const database = new (sqlite().DatabaseSync)(this.#file, options);
    try {
      const rows = hasTable(database) ? new RowReader(database) : null;
      if (rows === null) database.close();
      else this.#database = database;
      return rows;
    } catch (error) {
      database.close();
      throw error;
    }
  }
}

function hasTable(database: DatabaseSync): boolean {
  const table = "SELECT 1 FROM sqlite_schema WHERE name = 'sessions' AND type = 'table'";
  return database.prepare(table).get() !== undefined;
}

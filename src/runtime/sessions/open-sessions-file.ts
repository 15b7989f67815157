// The database of sessions, opened by its one writer. What can't be used is put aside, never
// removed: a file that is broken, and one that a newer version of this program has made.
import { chmodSync, closeSync, openSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { sqlite } from "./sqlite.ts";

const VERSION = 1;
const TABLE = `
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT NOT NULL UNIQUE,
    user TEXT,
    createdMs INTEGER NOT NULL,
    usedMs INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    vals TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS byUse ON sessions (usedMs);
  CREATE INDEX IF NOT EXISTS byAge ON sessions (createdMs);
  CREATE INDEX IF NOT EXISTS byUser ON sessions (user) WHERE user IS NOT NULL;
  CREATE INDEX IF NOT EXISTS strangers ON sessions (usedMs) WHERE user IS NULL;
  PRAGMA user_version = ${VERSION};
  COMMIT;
`;
const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

/** Why a file is put aside. */
class Unusable extends Error {}

/** `file` null: in memory. `onAside` hears where a file that can't be used is now, and why not. */
export function openSessionsFile(
  file: string | null,
  onAside: (aside: string, why: string) => void,
): DatabaseSync {
  if (file === null) return opened(":memory:");
  try {
    return openedFile(file);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const aside = `${file}.unused`;
    renameSync(file, aside);
    for (const end of ["-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
    onAside(aside, error.message);
    return openedFile(file);
  }
}

function openedFile(file: string): DatabaseSync {
  // SQLite gives what it keeps beside the file the file's own mode.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  return opened(file);
}

function opened(file: string): DatabaseSync {
  const database = new (sqlite().DatabaseSync)(file);
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    check(database);
    database.exec(TABLE);
    return database;
  } catch (error) {
    database.close();
    const { errcode } = error as { errcode?: number };
    const isBroken = errcode === SQLITE_CORRUPT || errcode === SQLITE_NOT_A_DATABASE;
    throw isBroken ? new Unusable("it is broken") : error;
  }
}

// All of it is looked at, once a start: 100 000 sessions of 200 bytes take 40 ms. What is broken
// somewhere inside would else be found by a visitor.
function check(database: DatabaseSync): void {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as {
    user_version: number;
  };
  if (version > VERSION) throw new Unusable("a newer portico has made it");
  const { quick_check: found } = database.prepare("PRAGMA quick_check(1)").get() as {
    quick_check: string;
  };
  if (found !== "ok") throw new Unusable("it is broken");
}

// SQLite, loaded when somebody has a session: it takes 10 ms, and some memory of each worker.
import { createRequire } from "node:module";
import type * as Sqlite from "node:sqlite";

/** Not `import()`: who reads a session does it in the same turn of the loop. */
export function sqlite(): typeof Sqlite {
  return createRequire(import.meta.url)("node:sqlite") as typeof Sqlite;
}

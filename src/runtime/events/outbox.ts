// What is still to be told, in a database, so that it outlives the process. One writer, on the main
// thread. Its calls block for 20 to 30 µs each: with a write-ahead log and without an fsync a row,
// which keeps what was written through the end of the process, not through that of the power.
import { chmodSync, closeSync, openSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { Statements } from "../statements.ts";

const TABLE = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    event TEXT NOT NULL,
    atOnce INTEGER NOT NULL,
    timeoutMs INTEGER NOT NULL,
    addedMs INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    dueMs INTEGER NOT NULL,
    busy INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS inLane ON deliveries (lane, busy, dueMs);
  CREATE INDEX IF NOT EXISTS byTime ON deliveries (busy, dueMs);
  UPDATE deliveries SET busy = 0 WHERE busy <> 0;
`;
const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

export interface Wish {
  /** To whom: deliveries of one lane are told one after another, or a few at once. */
  readonly lane: string;
  /** JSON. */
  readonly event: string;
  readonly atOnce: number;
  readonly timeoutMs: number;
  readonly addedMs: number;
}

export interface Delivery extends Wish {
  readonly id: number;
  /** Those that failed. */
  readonly tries: number;
}

export interface Lane {
  readonly lane: string;
  readonly atOnce: number;
}

export class Outbox {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  #count: number;

  private constructor(database: DatabaseSync) {
    database.exec(TABLE);
    this.#database = database;
    this.#statements = new Statements(this.#database);
    this.#count = this.#statements.one<{ count: number }>(
      "SELECT count(*) AS count FROM deliveries",
    )!.count;
  }

  /** Of `file`; null: in memory. One that is broken is put aside. Throws what SQLite throws. */
  static async open(file: string | null, onBroken: (aside: string) => void): Promise<Outbox> {
    const { DatabaseSync: Database } = await import("node:sqlite");
    if (file === null) return new Outbox(new Database(":memory:"));
    const open = (): Outbox => {
      // SQLite gives what it keeps beside the file the file's own mode.
      closeSync(openSync(file, "a", 0o600));
      chmodSync(file, 0o600);
      const database = new Database(file);
      try {
        return new Outbox(database);
      } catch (error) {
        database.close();
        throw error;
      }
    };
    try {
      return open();
    } catch (error) {
      const { errcode } = error as { errcode?: number };
      if (errcode !== SQLITE_CORRUPT && errcode !== SQLITE_NOT_A_DATABASE) throw error;
      const aside = `${file}.broken`;
      renameSync(file, aside);
      for (const end of ["-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
      onBroken(aside);
      return open();
    }
  }

  get count(): number {
    return this.#count;
  }

  add({ lane, event, atOnce, timeoutMs, addedMs }: Wish): void {
    this.#statements.run(
      "INSERT INTO deliveries (lane, event, atOnce, timeoutMs, addedMs, tries, dueMs, busy) " +
        "VALUES (?, ?, ?, ?, ?, 0, ?, 0)",
      [lane, event, atOnce, timeoutMs, addedMs, addedMs],
    );
    this.#count += 1;
  }

  /** All that something waits for, each with how many its latest wish wants at once. */
  lanes(): Lane[] {
    const lanes = "SELECT lane, atOnce, max(id) FROM deliveries GROUP BY lane";
    return this.#statements.all<Lane>(lanes);
  }

  hasLane(lane: string): boolean {
    return (
      this.#statements.one("SELECT 1 FROM deliveries WHERE lane = ? LIMIT 1", [lane]) !== undefined
    );
  }

  /** The next of `lane` whose time has come; it is the caller's until `again` or `drop`. */
  take(lane: string, nowMs: number): Delivery | null {
    const next =
      "UPDATE deliveries SET busy = 1 WHERE id = (SELECT id FROM deliveries " +
      "WHERE lane = ? AND busy = 0 AND dueMs <= ? ORDER BY dueMs, id LIMIT 1) RETURNING *";
    return this.#statements.one<Delivery & object>(next, [lane, nowMs]) ?? null;
  }

  again(id: number, dueMs: number): void {
    this.#statements.run(
      "UPDATE deliveries SET busy = 0, tries = tries + 1, dueMs = ? WHERE id = ?",
      [dueMs, id],
    );
  }

  drop(id: number): void {
    this.#statements.run("DELETE FROM deliveries WHERE id = ?", [id]);
    this.#count -= 1;
  }

  /** When something waits for its time; null when nothing does. */
  nextMs(nowMs: number): number | null {
    const next = "SELECT min(dueMs) AS dueMs FROM deliveries WHERE busy = 0 AND dueMs > ?";
    return this.#statements.one<{ dueMs: number | null }>(next, [nowMs])!.dueMs;
  }

  /** What would wait beyond `latestMs`, because the machine's clock was set, is due now. */
  mend(nowMs: number, latestMs: number): void {
    const mended =
      "UPDATE deliveries SET dueMs = ?1, addedMs = min(addedMs, ?1) WHERE busy = 0 AND dueMs > ?2";
    this.#statements.run(mended, [nowMs, latestMs]);
  }

  close(): void {
    this.#database.close();
  }
}

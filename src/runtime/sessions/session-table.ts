// Sessions in SQLite: a row each, found by the digest of its id. One writer, on the main thread;
// without an fsync a row, which keeps what was written through the end of the process, though not
// through that of the power (docs/decisions/0080).
import type { DatabaseSync } from "node:sqlite";
import { Statements } from "../statements.ts";
import { LISTED_MAX, type ListedSession, type SessionList, type WhichSessions } from "./listed.ts";
import { openSessionsFile } from "./open-sessions-file.ts";
import { RowReader, type LoadedSession, type SessionRow } from "./session-row.ts";
import { bytesOf, changed, valuesOf, valuesText } from "./session-values.ts";
import { expiresMs, type SessionBounds } from "./settings.ts";
import type { SaveOutcome, SessionChanges } from "./store.ts";

/** What one call may evict; more than one is to go only where the bound was made smaller. */
const EVICTED_MAX = 100;
const NOTHING = { user: null, vals: "[]", bytes: 0 } as const;

type Value = string | number | null;

/** What a change is made by: the time, and how sessions are kept. */
export interface Rules {
  readonly nowMs: number;
  readonly bounds: SessionBounds;
}

export class SessionTable {
  readonly #database: DatabaseSync;
  readonly #rows: RowReader;
  readonly #statements: Statements;
  #strangers = 0;

  /** Of `file`; null: in memory. One that can't be used is put aside. Throws what SQLite throws. */
  constructor(file: string | null, onAside: (aside: string, why: string) => void) {
    this.#database = openSessionsFile(file, onAside);
    this.#statements = new Statements(this.#database);
    this.#rows = new RowReader(this.#database);
    this.#countStrangers();
  }

  /** Null: none of this digest, or none any more. */
  load(digest: string, { nowMs, bounds }: Rules): LoadedSession | null {
    return this.#rows.session(digest, nowMs, bounds);
  }

  /** Throws where there is one of this digest: an id is nobody else's, ever. */
  create(digest: string, changes: SessionChanges, rules: Rules): SaveOutcome {
    const made = madeOf(NOTHING, changes);
    if (made.bytes > rules.bounds.bytesMax) return "tooLarge";
    const insert = "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)";
    const { nowMs } = rules;
    this.#statements.run(insert, [digest, made.user, nowMs, nowMs, made.bytes, made.vals]);
    this.#strangers += strangers(made);
    this.#evict(rules.bounds);
    return "saved";
  }

  /** Changes that of `digest`, which has `newDigest` from now on. */
  save(digest: string, newDigest: string, changes: SessionChanges, rules: Rules): SaveOutcome {
    const { nowMs, bounds } = rules;
    const before = this.#rows.row(digest, nowMs, bounds);
    if (before === null) return "gone";
    const made = madeOf(before, changes);
    // One that is over a bound that was made smaller since may still shrink.
    if (made.bytes > bounds.bytesMax && made.bytes > before.bytes) return "tooLarge";
    const update =
      "UPDATE sessions SET digest = ?, user = ?, usedMs = max(usedMs, ?), bytes = ?, vals = ? " +
      "WHERE digest = ?";
    this.#statements.run(update, [newDigest, made.user, nowMs, made.bytes, made.vals, digest]);
    this.#strangers += strangers(made) - strangers(before);
    this.#evict(bounds);
    return "saved";
  }

  used(digest: string, nowMs: number): void {
    this.#statements.run("UPDATE sessions SET usedMs = max(usedMs, ?) WHERE digest = ?", [
      nowMs,
      digest,
    ]);
  }

  end(digest: string): void {
    this.#remove("digest = ?", [digest]);
  }

  list(user: string | null, { nowMs, bounds }: Rules): SessionList {
    const live = `usedMs > ? AND createdMs > ? ${user === null ? "" : "AND user = ?"}`;
    const values: Value[] = [nowMs - bounds.idleMs, nowMs - bounds.absoluteMs];
    if (user !== null) values.push(user);
    const { total } = this.#statements.one<{ total: number }>(
      `SELECT count(*) AS total FROM sessions WHERE ${live}`,
      values,
    )!;
    const columns = "digest, user, createdMs, usedMs, bytes";
    const rows = this.#statements.all<Omit<ListedSession, "expiresMs">>(
      `SELECT ${columns} FROM sessions WHERE ${live} ORDER BY usedMs DESC LIMIT ${LISTED_MAX}`,
      values,
    );
    return { total, sessions: rows.map((row) => ({ ...row, expiresMs: expiresMs(row, bounds) })) };
  }

  endThose(which: WhichSessions): number | "several" {
    if ("all" in which) return this.#remove("1", []);
    if ("user" in which) return this.#remove("user = ?", [which.user]);
    // "g" is behind all that a digest may go on with.
    const range = [which.digest, `${which.digest}g`];
    const begin = "SELECT count(*) AS count FROM sessions WHERE digest >= ? AND digest < ?";
    if (this.#statements.one<{ count: number }>(begin, range)!.count > 1) return "several";
    return this.#remove("digest >= ? AND digest < ?", range);
  }

  /** Removes up to `limit` that are over. Returns how many it removed. */
  sweep({ nowMs, bounds }: Rules, limit: number): number {
    const some = (condition: string): string =>
      `rowid IN (SELECT rowid FROM sessions WHERE ${condition} LIMIT ${limit})`;
    const idle = this.#remove(some("usedMs <= ?"), [nowMs - bounds.idleMs]);
    const old = this.#remove(some("createdMs <= ?"), [nowMs - bounds.absoluteMs]);
    return idle + old;
  }

  /** What was made or used later than now, because the machine's clock was set back, was now. */
  mend(nowMs: number): void {
    this.#statements.run("UPDATE sessions SET usedMs = ?1 WHERE usedMs > ?1", [nowMs]);
    this.#statements.run("UPDATE sessions SET createdMs = ?1 WHERE createdMs > ?1", [nowMs]);
  }

  /** All that `act` does, or, where it throws, nothing. */
  transaction(act: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      act();
      this.#database.exec("COMMIT");
    } catch (error) {
      // A full disk has ended it already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#countStrangers();
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  #remove(condition: string, values: Value[]): number {
    const remove = `DELETE FROM sessions WHERE ${condition} RETURNING user`;
    const gone = this.#statements.all<{ user: string | null }>(remove, values);
    this.#strangers -= strangers(...gone);
    return gone.length;
  }

  #evict({ strangersMax }: SessionBounds): void {
    const over = this.#strangers - strangersMax;
    if (over <= 0) return;
    const last = "SELECT rowid FROM sessions WHERE user IS NULL ORDER BY usedMs, rowid LIMIT ?";
    this.#remove(`rowid IN (${last})`, [Math.min(over, EVICTED_MAX)]);
  }

  #countStrangers(): void {
    const count = "SELECT count(*) AS count FROM sessions WHERE user IS NULL";
    this.#strangers = this.#statements.one<{ count: number }>(count, [])!.count;
  }
}

function strangers(...sessions: readonly { readonly user: string | null }[]): number {
  return sessions.filter(({ user }) => user === null).length;
}

function madeOf(
  before: Pick<SessionRow, "user" | "vals" | "bytes">,
  changes: SessionChanges,
): Pick<SessionRow, "user" | "vals" | "bytes"> {
  const user = changes.user === undefined ? before.user : changes.user;
  const values = changed(valuesOf(before.vals), changes);
  return { user, vals: valuesText(values), bytes: bytesOf(values, user) };
}

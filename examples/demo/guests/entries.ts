// What guests wrote, in SQLite. Each worker has the file open; SQLite sees to it that one writes.
import { mkdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

export const NAME_LENGTH_MAX = 80;
export const TEXT_LENGTH_MAX = 4000;
const SHOWN_MAX = 20;
const KEPT_MAX = 1000;

export interface Entry {
  readonly name: string;
  readonly text: string;
  /** As SQLite has it, in UTC: `2026-11-21 09:30:00`. */
  readonly at: string;
}

export interface Book {
  add(entry: { readonly guest: string; readonly name: string; readonly text: string }): void;
  /** The last entries of one guest, newest first. */
  of(guest: string): Entry[];
  /** The last entries of all guests, newest first. */
  latest(): Entry[];
  close(): void;
}

/** The book in `file`, which is made when it is missing. */
export function openBook(file: URL): Book {
  mkdirSync(new URL(".", file), { recursive: true });
  const database = new DatabaseSync(fileURLToPath(file), { timeout: 2000 });
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS entry (
      id INTEGER PRIMARY KEY, guest TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
      at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    ) STRICT;
    CREATE INDEX IF NOT EXISTS entry_by_guest ON entry (guest);
  `);
  const insert = database.prepare("INSERT INTO entry (guest, name, text) VALUES (?, ?, ?)");
  const forget = database.prepare(
    "DELETE FROM entry WHERE id <= (SELECT max(id) FROM entry) - ?",
  );
  const shown = "SELECT name, text, at FROM entry";
  const ofOne = database.prepare(`${shown} WHERE guest = ? ORDER BY id DESC LIMIT ?`);
  const ofAll = database.prepare(`${shown} ORDER BY id DESC LIMIT ?`);
  return {
    add({ guest, name, text }) {
      insert.run(guest, name, text);
      forget.run(KEPT_MAX); // a demo's disk is not the world's
    },
    of: (guest) => ofOne.all(guest, SHOWN_MAX) as unknown as Entry[],
    latest: () => ofAll.all(SHOWN_MAX) as unknown as Entry[],
    close: () => database.close(),
  };
}

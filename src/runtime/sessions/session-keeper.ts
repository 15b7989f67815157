// The main thread's part of sessions in SQLite and in memory: the one writer. What workers ask for
// within a turn of the loop is one transaction, answered when it is committed, so that what is
// answered is what every worker reads; and two requests that change one session do so in turn.
import { existsSync } from "node:fs";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { SessionList, SessionRegister, WhichSessions } from "./listed.ts";
import { SessionsUnavailable } from "./listed.ts";
import type { FromSessions, SessionAnswer, SessionReply, ToSessions } from "./messages.ts";
import { SessionTable, type Rules } from "./session-table.ts";
import { sessionsFile, type SessionBounds, type SessionSettings } from "./settings.ts";

const SWEEP_MS = 5000;
/** What blocks the loop at once: some milliseconds. */
const SWEPT_AT_ONCE = 100;
const WRITTEN_AT_ONCE = 500;
const SQLITE_CONSTRAINT = 19;

export interface KeeperParts {
  readonly clock: Clock;
  readonly log: Log;
  /** In which the file lies; null: there is none. */
  readonly folder: string | null;
  readonly settings: SessionSettings;
  /** Answers one worker. */
  readonly post: (threadId: number, answers: FromSessions) => void;
}

interface Waiting {
  readonly threadId: number;
  readonly message: ToSessions;
}

export class SessionKeeper implements SessionRegister {
  bounds: SessionBounds;
  readonly #parts: KeeperParts;
  readonly #file: string | null;
  #table: SessionTable | null = null;
  readonly #waiting: Waiting[] = [];
  #sweeps: NodeJS.Timeout | null = null;
  #isFailing = false;
  #isClosed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#file = sessionsFile(parts.settings, parts.folder);
    this.bounds = parts.settings;
  }

  /** Goes on with the sessions of an earlier server. Where there are none, no file is made. */
  start(): void {
    this.#sweeps = setInterval(() => void this.sweep(), SWEEP_MS).unref();
    if (this.#file === null || !existsSync(this.#file)) return;
    try {
      this.#opened();
    } catch (error) {
      this.#tellFailure(error as Error);
    }
  }

  receive(threadId: number, message: ToSessions): void {
    this.#waiting.push({ threadId, message });
    if (this.#waiting.length === 1) setImmediate(() => this.#write());
  }

  async list(user: string | null): Promise<SessionList> {
    return this.#asked({ total: 0, sessions: [] }, (table) => table.list(user, this.#rules()));
  }

  async end(which: WhichSessions): Promise<number | "several"> {
    return this.#asked(0, (table) => table.endThose(which));
  }

  /** Removes what is over, some in a turn of the loop. Resolves when nothing is left of it. */
  async sweep(): Promise<void> {
    try {
      this.#table?.mend(this.#parts.clock.nowMs());
      // oxlint-disable-next-line no-await-in-loop -- a turn of the loop for everybody else
      while (this.#sweepSome() >= SWEPT_AT_ONCE) await new Promise(setImmediate);
    } catch (error) {
      this.#tellFailure(error as Error);
    }
  }

  /** What was asked for before is still written. */
  close(): void {
    if (this.#sweeps !== null) clearInterval(this.#sweeps);
    while (this.#waiting.length > 0) this.#write();
    this.#isClosed = true;
    this.#table?.close();
    this.#table = null;
  }

  #rules(): Rules {
    return { nowMs: this.#parts.clock.nowMs(), bounds: this.bounds };
  }

  /** `none` where no session was ever made. */
  #asked<T>(none: T, ask: (table: SessionTable) => T): T {
    try {
      return this.#table === null ? none : ask(this.#table);
    } catch (error) {
      throw new SessionsUnavailable((error as Error).message, { cause: error });
    }
  }

  #sweepSome(): number {
    return this.#table?.sweep(this.#rules(), SWEPT_AT_ONCE) ?? 0;
  }

  /** Carries out what waits, or the first of it. */
  #write(): void {
    const batch = this.#waiting.splice(0, WRITTEN_AT_ONCE);
    if (this.#waiting.length > 0) setImmediate(() => this.#write());
    if (batch.length === 0) return; // `close` was here
    const answers = this.#answersTo(batch);
    for (const [threadId, own] of answers) this.#parts.post(threadId, own);
  }

  #answersTo(batch: readonly Waiting[]): Map<number, SessionAnswer[]> {
    try {
      const answers = new Map<number, SessionAnswer[]>();
      const rules = this.#rules();
      const table = this.#opened();
      table.transaction(() => {
        for (const { threadId, message } of batch) {
          const { reply, failed } = attempted(table, message, rules);
          add(answers, threadId, message, reply, failed);
        }
      });
      this.#isFailing = false;
      return answers;
    } catch (error) {
      this.#tellFailure(error as Error);
      const answers = new Map<number, SessionAnswer[]>();
      const { message: why } = error as Error;
      for (const { threadId, message } of batch) add(answers, threadId, message, null, why);
      return answers;
    }
  }

  #opened(): SessionTable {
    if (this.#isClosed) throw new Error("the server has stopped");
    if (this.#table !== null) return this.#table;
    const { log, settings } = this.#parts;
    this.#table = new SessionTable(this.#file, (aside, why) =>
      log.error(`the kept sessions can't be used, as ${why}: they are put aside as ${aside}`),
    );
    if (this.#file === null && settings.store !== "memory") {
      log.warn("sessions are kept in memory only: there is no data folder");
    }
    return this.#table;
  }

  /** Once, until it works again: each request that fails is told of by itself. */
  #tellFailure(error: Error): void {
    if (!this.#isFailing) this.#parts.log.error(`sessions are not kept: ${error.message}`);
    this.#isFailing = true;
  }
}

/** What comes of one wish. One that breaks a rule of the table fails alone. */
function attempted(
  table: SessionTable,
  message: ToSessions,
  rules: Rules,
): Pick<SessionAnswer, "reply" | "failed"> {
  try {
    return { reply: carriedOut(table, message, rules), failed: null };
  } catch (error) {
    const { errcode = 0, message: why } = error as Error & { errcode?: number };
    if ((errcode & 0xff) !== SQLITE_CONSTRAINT) throw error;
    return { reply: null, failed: why };
  }
}

function carriedOut(table: SessionTable, message: ToSessions, rules: Rules): SessionReply {
  switch (message.kind) {
    case "used":
      table.used(message.digest, rules.nowMs);
      return null;
    case "load":
      return table.load(message.digest, rules);
    case "create":
      return table.create(message.digest, message.changes, rules);
    case "save":
      return table.save(message.digest, message.newDigest, message.changes, rules);
    case "end":
      table.end(message.digest);
      return null;
  }
}

function add(
  answers: Map<number, SessionAnswer[]>,
  threadId: number,
  message: ToSessions,
  reply: SessionReply,
  failed: string | null,
): void {
  if (message.kind === "used") return;
  const own = answers.get(threadId) ?? [];
  own.push({ id: message.id, reply, failed });
  answers.set(threadId, own);
}

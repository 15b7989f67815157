// A worker's side of sessions in SQLite and in memory: what is changed goes to the main thread,
// which writes; from a file the worker reads by itself.
import type { Clock } from "../../base/clock.ts";
import { SessionsUnavailable } from "./listed.ts";
import type { FromSessions, SessionQuestion, SessionReply, ToSessions } from "./messages.ts";
import { SessionReader } from "./session-reader.ts";
import type { LoadedSession } from "./session-row.ts";
import { checkUser } from "./session-values.ts";
import {
  digestOf,
  noteMs,
  sessionsFile,
  type SessionBounds,
  type SessionSettings,
} from "./settings.ts";
import type { SaveOutcome, SessionChanges, SessionStore, StoredSession } from "./store.ts";

export interface SessionClientParts {
  readonly clock: Clock;
  /** In which the file lies; null: there is none. */
  readonly folder: string | null;
  readonly settings: SessionSettings;
  readonly post: (message: ToSessions) => void;
}

export class SessionClient implements SessionStore {
  bounds: SessionBounds;
  readonly #clock: Clock;
  readonly #post: (message: ToSessions) => void;
  readonly #reader: SessionReader | null;
  readonly #waiting = new Map<number, PromiseWithResolvers<SessionReply>>();
  #lastId = 0;

  constructor({ clock, folder, settings, post }: SessionClientParts) {
    this.#clock = clock;
    this.#post = post;
    const file = sessionsFile(settings, folder);
    this.#reader = file === null ? null : new SessionReader(file);
    this.bounds = settings;
  }

  /** Not async: read from a file, it is there at once. */
  load(id: string): StoredSession | null | Promise<StoredSession | null> {
    const digest = digestOf(id);
    if (this.#reader === null) return this.#loadByMessage(digest);
    const session = this.#reader.load(digest, this.#clock.nowMs(), this.bounds);
    if (session !== null) this.#noteUse(digest, session);
    return session;
  }

  async create(id: string, changes: SessionChanges): Promise<SaveOutcome> {
    checkUser(changes.user);
    return (await this.#ask({ kind: "create", digest: digestOf(id), changes })) as SaveOutcome;
  }

  save(id: string, changes: SessionChanges): Promise<SaveOutcome> {
    return this.rename(id, id, changes);
  }

  async rename(id: string, newId: string, changes: SessionChanges): Promise<SaveOutcome> {
    checkUser(changes.user);
    const digests = { digest: digestOf(id), newDigest: digestOf(newId) };
    return (await this.#ask({ kind: "save", ...digests, changes })) as SaveOutcome;
  }

  async end(id: string): Promise<void> {
    await this.#ask({ kind: "end", digest: digestOf(id) });
  }

  /** Takes what the main thread answers this worker. */
  receive(answers: FromSessions): void {
    for (const { id, reply, failed } of answers) {
      const waiting = this.#waiting.get(id)!;
      this.#waiting.delete(id);
      if (failed === null) waiting.resolve(reply);
      else waiting.reject(new SessionsUnavailable(failed));
    }
  }

  close(): void {
    this.#reader?.close();
  }

  async #loadByMessage(digest: string): Promise<StoredSession | null> {
    const session = (await this.#ask({ kind: "load", digest })) as LoadedSession | null;
    if (session !== null) this.#noteUse(digest, session);
    return session;
  }

  #noteUse(digest: string, { usedMs }: LoadedSession): void {
    // A use that lies ahead was noted before the machine's clock was set back: the keeper mends it.
    if (this.#clock.nowMs() - usedMs > noteMs(this.bounds)) this.#post({ kind: "used", digest });
  }

  #ask(question: SessionQuestion): Promise<SessionReply> {
    const waiting = Promise.withResolvers<SessionReply>();
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, waiting);
    this.#post({ ...question, id: this.#lastId });
    return waiting.promise;
  }
}

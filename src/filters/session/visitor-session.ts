// One visitor's session for the time of one request.
//
//   first use ──▶ load ──▶ get, set, … on what was loaded and what was changed ──▶ save
//
// Nothing is looked up before it is asked for. What is changed is noted, and saved at once, key by
// key, before the answer's head goes out: so parallel requests that change different keys lose
// nothing, and a request that fails changes nothing. Only `destroy` acts at once.
import { Failure } from "../../base/failure.ts";
import type { Exchange, Json, Session } from "../../http/exchange/index.ts";
import type { SaveOutcome, SessionStore } from "../../runtime/index.ts";
import { checkUser } from "./check-user.ts";
import { findSession, type FoundSession } from "./find-session.ts";
import { saveSession } from "./save-session.ts";
import { freshId, type SessionCookie } from "./session-cookie.ts";
import { SessionValues, tooLarge } from "./session-values.ts";

/** What all sessions of a route have in common. */
export interface SessionParts {
  readonly store: SessionStore;
  readonly cookie: SessionCookie;
  readonly bytesMax: number;
}

export class VisitorSession implements Session {
  readonly #parts: SessionParts;
  readonly #exchange: Exchange;
  /** undefined: not under way; null: it is loaded. */
  #loading: Promise<void> | null | undefined = undefined;
  #found: FoundSession | null = null;
  readonly #values: SessionValues;
  /** What it will be known by; null: by what it is known by. */
  #newId: string | null = null;
  /** undefined: as it is. */
  #newUser: string | null | undefined = undefined;
  /** `destroy` was called; what it waits for. */
  #ending: Promise<void> | null = null;
  #isTouched = false;
  #isClosed = false;
  #isUnavailable = false;
  #isLost = false;

  constructor(parts: SessionParts, exchange: Exchange) {
    this.#parts = parts;
    this.#exchange = exchange;
    this.#values = new SessionValues(parts.bytesMax);
  }

  // ── what handlers ask ────────────────────────────────────────────────────────────────────────

  get id(): Promise<string | null> {
    return this.#read(() => (this.#exists() ? (this.#newId ?? this.#found!.id) : null));
  }

  get user(): Promise<string | null> {
    return this.#read(() =>
      this.#newUser === undefined ? (this.#found?.stored.user ?? null) : this.#newUser,
    );
  }

  get<T extends Json = Json>(key: string): Promise<T | undefined> {
    return this.#read(() => parsed<T>(this.#values.get(key)));
  }

  keys(): Promise<string[]> {
    return this.#read(() => this.#values.keys());
  }

  // ── what handlers change ─────────────────────────────────────────────────────────────────────

  async set(key: string, value: Json): Promise<void> {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`no JSON to be kept under ${JSON.stringify(key)}`);
    await this.#change(() => {
      this.#values.set(key, text);
      // Known from here on, as what it will be saved under.
      if (this.#found === null) this.#newId ??= freshId();
    });
  }

  delete(key: string): Promise<void> {
    return this.#change(() => this.#values.delete(key));
  }

  flash(key: string, value: Json): Promise<void> {
    return this.set(key, value);
  }

  take<T extends Json = Json>(key: string): Promise<T | undefined> {
    return this.#change(() => {
      const value = parsed<T>(this.#values.get(key));
      this.#values.delete(key);
      return value;
    });
  }

  async regenerate({ user }: { readonly user?: string | null } = {}): Promise<void> {
    checkUser(user);
    await this.#change(() => {
      if (user !== undefined) this.#newUser = user;
      this.#newId = freshId();
    });
  }

  destroy(): Promise<void> {
    return this.#change(() => {
      const found = this.#found;
      this.#found = null;
      this.#newId = null;
      this.#newUser = undefined;
      this.#values.begin(null, null);
      if (found !== null) this.#ending = this.#end(found.id);
      return (this.#ending ??= Promise.resolve());
    });
  }

  // ── for the filter ───────────────────────────────────────────────────────────────────────────

  /** Somebody asked for something of it, or changed it. */
  get isTouched(): boolean {
    return this.#isTouched;
  }

  /** The store could not be asked. */
  get isUnavailable(): boolean {
    return this.#isUnavailable;
  }

  /** From now on it can be read, and not changed. */
  close(): void {
    this.#isClosed = true;
  }

  /**
   * Saves what was changed, and has the answer set or remove the cookie; whether it does is the
   * result, no promise where nothing was changed. Rejects with what the store does, and with a
   * RangeError where other requests made the session too large meanwhile.
   */
  save(): boolean | Failure | Promise<boolean | Failure> {
    this.close();
    const isSettled = this.#loading === null && this.#ending === null && !this.#isLost;
    return isSettled && !this.#isChanged() ? false : this.#saveAll();
  }

  async #saveAll(): Promise<boolean | Failure> {
    const { bytesMax, cookie } = this.#parts;
    // What was asked for before goes on first: it waits for the same.
    await this.#loading?.catch(() => undefined);
    await this.#ending;
    if (this.#isLost) throw new Error("a change could not be made, as sessions are unavailable");
    if (this.#isChanged()) {
      const outcome = await this.#saveChanges();
      if (outcome === "gone") return new Failure("sessionEnded");
      if (outcome === "tooLarge") throw tooLarge(bytesMax);
      if (this.#newId === null) return false;
      cookie.set(this.#exchange, this.#newId);
      return true;
    }
    if (this.#ending === null || !cookie.isIn(this.#exchange)) return false;
    cookie.clear(this.#exchange);
    return true;
  }

  #saveChanges(): Promise<SaveOutcome> {
    const user = this.#newUser;
    const target = { id: this.#found?.id ?? null, newId: this.#newId };
    const changes = { values: this.#values.changes, ...(user === undefined ? {} : { user }) };
    return saveSession(this.#parts.store, target, changes);
  }

  /** There is something to save. */
  #isChanged(): boolean {
    if (this.#found === null) return this.#exists();
    return this.#values.changes.size > 0 || this.#newId !== null;
  }

  /** There is one in the store, or will be when it is saved. */
  #exists(): boolean {
    if (this.#found !== null || this.#values.changes.size > 0) return true;
    return typeof this.#newUser === "string";
  }

  // ── the store ────────────────────────────────────────────────────────────────────────────────

  async #read<T>(read: () => T): Promise<T> {
    const loading = this.#load();
    if (loading !== null) await loading;
    return read();
  }

  async #change<T>(change: () => T | Promise<T>): Promise<T> {
    if (this.#isClosed || this.#exchange.isAnswered) {
      throw new Error("the answer has begun: a session is changed before its head goes out");
    }
    try {
      const loading = this.#load();
      if (loading !== null) await loading;
    } catch (error) {
      this.#isLost = true;
      throw error;
    }
    return change();
  }

  /** Null: it is loaded. Who asks after it failed, has it tried again. */
  #load(): Promise<void> | null {
    if (this.#loading !== undefined) return this.#loading;
    this.#isTouched = true;
    try {
      const ids = this.#parts.cookie.idsIn(this.#exchange);
      const found = findSession(this.#parts.store, ids);
      if (found instanceof Promise) this.#loading = this.#loadLater(found);
      else this.#loaded(found);
    } catch (error) {
      this.#isUnavailable = true;
      throw error;
    }
    return this.#loading ?? null;
  }

  async #loadLater(finding: Promise<FoundSession | null>): Promise<void> {
    try {
      this.#loaded(await finding);
    } catch (error) {
      this.#isUnavailable = true;
      this.#loading = undefined;
      throw error;
    }
  }

  #loaded(found: FoundSession | null): void {
    this.#loading = null;
    this.#found = found;
    if (found !== null) this.#values.begin(found.stored.values, found.stored.user);
  }

  async #end(id: string): Promise<void> {
    try {
      await this.#parts.store.end(id);
    } catch (error) {
      this.#isUnavailable = true;
      throw error;
    }
  }
}

function parsed<T extends Json>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

// What the server keeps for one visitor from request to request. Nothing is read before it is asked
// for; what was changed is saved before the answer goes out, which waits for it: a promise of a
// change need not be awaited. A handler that throws or answers with a failure has changed nothing.

/** What a session holds: anything that JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/**
 * One visitor's. Keys are any strings. Once the answer's head is on its way, what would change it
 * rejects. All of it rejects where the store can't be asked; a request that fails so is a 503.
 */
export interface Session {
  /** The session's id; null: there is none yet, and the first `set` makes one. */
  readonly id: Promise<string | null>;
  /** Whom `regenerate` said that it belongs to; null: a stranger. */
  readonly user: Promise<string | null>;
  /** The value under `key`; undefined: none. */
  get<T extends Json = Json>(key: string): Promise<T | undefined>;
  /**
   * Rejects with a TypeError for what JSON can't say, with a RangeError where the session would
   * hold more than `[session] bytes`: nothing is changed then.
   */
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
  /**
   * Keeps a value until it is taken once: what the page behind a redirect is to say. It is under
   * `key` as if it was `set`.
   */
  flash(key: string, value: Json): Promise<void>;
  /** The value under `key`, which is gone then. */
  take<T extends Json = Json>(key: string): Promise<T | undefined>;
  /** Ends it, at once: nobody gets at what it held, by this id or any other. */
  destroy(): Promise<void>;
  /**
   * Gives it a new id; the old one is dead when the answer goes out. To be called where somebody's
   * rights change, with whom it belongs to from now on: `{ user: "ann" }`, `{ user: null }`; left
   * out: as before. A TypeError where nobody can have that name: "", or with control characters.
   */
  regenerate(change?: { readonly user?: string | null }): Promise<void>;
}

// What the server keeps for one visitor from request to request. Nothing is read before it is asked
// for; what was changed is saved before the answer goes out.

/** What a session holds: anything that JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

export interface Session {
  /** The session's id; null: there is none yet, and the first `set` makes one. */
  readonly id: Promise<string | null>;
  /** Whom `regenerate` said that it belongs to; null: a stranger. */
  readonly user: Promise<string | null>;
  /** The value under `key`; undefined: none. */
  get<T extends Json = Json>(key: string): Promise<T | undefined>;
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
  /** Keeps a value until it is taken once: what the page behind a redirect is to say. */
  flash(key: string, value: Json): Promise<void>;
  /** The value under `key`, which is gone then. */
  take<T extends Json = Json>(key: string): Promise<T | undefined>;
  /** Ends it: nobody gets at what it held, by this id or any other. */
  destroy(): Promise<void>;
  /**
   * Gives it a new id; the old one is dead. To be called where somebody's rights change, with whom
   * it belongs to from now on: `{ user: "ann" }`, `{ user: null }`; left out: as before.
   */
  regenerate(change?: { readonly user?: string | null }): Promise<void>;
}

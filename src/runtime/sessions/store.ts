// What keeps sessions. A store is shared by all workers: what one saved, the next request reads, on
// whichever worker. Ids are secrets: a store keeps their digests.

/** What a store has of a session. Values are JSON texts. */
export interface StoredSession {
  readonly values: ReadonlyMap<string, string>;
  readonly user: string | null;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
}

/** What a request changed. Other requests of the session may change other keys meanwhile. */
export interface SessionChanges {
  /** JSON texts by key; null: the key goes. */
  readonly values: ReadonlyMap<string, string | null>;
  /** Left out: as it is. */
  readonly user?: string | null;
}

/** `gone`: it ended meanwhile, and nothing was kept. `tooLarge`: it would pass its bound. */
export type SaveOutcome = "saved" | "gone" | "tooLarge";

export interface SessionStore {
  /** Null: none of this id, or none any more. That it was looked at counts as use. */
  load(id: string): StoredSession | null | Promise<StoredSession | null>;
  /** Makes a session of a fresh id. */
  create(id: string, changes: SessionChanges): Promise<SaveOutcome>;
  /** Changes those keys alone. Resolves when every worker sees it. */
  save(id: string, changes: SessionChanges): Promise<SaveOutcome>;
  /** As `save`, under a new id; nobody finds it by the old one any more. */
  rename(id: string, newId: string, changes: SessionChanges): Promise<SaveOutcome>;
  end(id: string): Promise<void>;
}

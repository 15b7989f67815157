// What a worker tells of what was stored: plain values, not answered.

/** What was stored, as its receivers see it: this, in JSON. */
export interface StoredEvent {
  /** Its own for ever: who gets an event twice knows it by this. */
  readonly id: string;
  /** When it was stored (ISO 8601, UTC). */
  readonly time: string;
  /** The path of the route, as the config has it. */
  readonly route: string;
  /** Below the folder of the route. */
  readonly name: string;
  /** Where it lies, from the root of the file system. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Its media type. */
  readonly type: string;
  /** In hex; null where the route makes none. */
  readonly sha256: string | null;
}

/** Whom to tell, and how. */
export interface Hook {
  /** A program and its arguments; in each, `{path}` is where the file lies. */
  readonly run: readonly string[] | null;
  readonly post: string | null;
  /** How many are told at once, of each way. */
  readonly atOnce: number;
  /** For one try. */
  readonly timeoutMs: number;
}

export interface EventNote {
  readonly event: StoredEvent;
  readonly hook: Hook;
}

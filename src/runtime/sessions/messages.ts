// Between a worker and the main thread, which writes sessions: plain values. `id` is the worker's
// number for one question; it is never used again.
import type { LoadedSession } from "./session-row.ts";
import type { SaveOutcome, SessionChanges } from "./store.ts";

/** Not answered: `digest` was looked at. */
export interface UsedNote {
  readonly kind: "used";
  readonly digest: string;
}

export type SessionQuestion =
  | { readonly kind: "load"; readonly digest: string }
  | { readonly kind: "create"; readonly digest: string; readonly changes: SessionChanges }
  | {
      readonly kind: "save";
      readonly digest: string;
      /** What it has from now on; mostly the same. */
      readonly newDigest: string;
      readonly changes: SessionChanges;
    }
  | { readonly kind: "end"; readonly digest: string };

export type ToSessions = UsedNote | (SessionQuestion & { readonly id: number });

/** What is answered to each kind, in the order of the questions. */
export type SessionReply = LoadedSession | null | SaveOutcome;

export interface SessionAnswer {
  readonly id: number;
  readonly reply: SessionReply;
  /** Why there is none: the file can't be written, say. Null: there is. */
  readonly failed: string | null;
}

/** All that one transaction has for a worker. */
export type FromSessions = readonly SessionAnswer[];

// How a try to tell somebody ended.

/** `again`: it may work later. `never`: the receiver does not want it. */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "again" | "never"; readonly why: string };

export const DONE: Outcome = { kind: "done" };

/** What a try is given. */
export interface Try {
  /** JSON. */
  readonly event: string;
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

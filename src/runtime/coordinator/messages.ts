// Between a worker and the coordinator: plain values, in the order in which they were sent. `id` is
// the worker's number for one wish; it is never used again.

export interface Take {
  readonly kind: "take";
  readonly id: number;
  readonly name: string;
  /** How many may hold `name` at once. The last one told counts, so that it may be changed. */
  readonly limit: number;
  readonly queueMax: number;
  /** False: now or not at all. */
  readonly waits: boolean;
}

/** Gives back what was granted, or wants it no more. */
export interface Leave {
  readonly kind: "leave";
  readonly id: number;
}

export interface Granted {
  readonly kind: "granted";
  readonly id: number;
  readonly fence: number;
}

export interface Denied {
  readonly kind: "denied";
  readonly id: number;
  /** The queue was; or nothing was free for who would not wait. */
  readonly why: "full" | "late";
}

export type ToCoordinator = Take | Leave;
export type FromCoordinator = Granted | Denied;

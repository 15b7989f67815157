// What passes between the main thread and a worker: orders, each answered once, and notes, which
// are not answered. All are plain values, which a thread's port copies.

/** Main to worker. `id` null: it is not answered. */
export interface OrderEnvelope {
  readonly id: number | null;
  readonly order: unknown;
}

/** Worker to main. */
export type WorkerEnvelope =
  /** Its code is there, and from now on its loop is watched. */
  | { readonly kind: "begun" }
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "note"; readonly note: unknown };

/** The order that a start is: it fails as others do. */
export const START_ID = 0;

/** What a worker is started with: its seat, the heartbeats, and what its server needs. */
export interface WorkerStart<Init> {
  readonly index: number;
  readonly beats: Int32Array<SharedArrayBuffer>;
  readonly init: Init;
}

/** An order that a worker could not carry out. `code` is the system's, where there is one. */
export class OrderFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The worker ended before it answered. */
export class WorkerGone extends Error {}

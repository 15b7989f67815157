// Time, handed in so that tests can turn it. Deadlines use `monotonicMs`, dates use `nowMs`.

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z; may jump when the machine's clock is set. */
  nowMs(): number;
  /** Milliseconds that only grow, from no particular start. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

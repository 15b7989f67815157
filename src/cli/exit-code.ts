// How a command ended, for scripts: what the process exits with.

export const EXIT = {
  good: 0,
  /** The work failed: a port that is taken, a folder that may not be read. */
  failed: 1,
  /** Wrong usage: the arguments make no sense, whatever the machine is like. */
  usage: 2,
  /** Bad config (sysexits' EX_CONFIG); service managers can be told not to try again. */
  config: 78,
} as const;

/** Arguments that make no sense, in words. Thrown by commands; `run` tells it and ends with 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

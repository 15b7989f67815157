// The notices of the program, as the parts see them: a line with a level. What writes them
// (standard error, a file) is the runtime's. The access log is another thing: see
// src/http/access-log.

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes notices for people. `message` is one line; implementations escape control characters. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /**
   * `error`'s stack, where given, is written below the message. `id`: of the request that it is
   * about, which the message names, too.
   */
  error(message: string, error?: unknown, id?: string): void;
}

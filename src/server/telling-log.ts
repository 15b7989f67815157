// The log of a library's server: what is logged as an error is told, too, in its parts.
import { inspect } from "node:util";
import type { LogLevel } from "../base/log.ts";
import { ConsoleLog } from "../runtime/index.ts";
import type { ErrorTold } from "./orders.ts";

/** The log of notices; `tell`: who is told of errors, where somebody is. */
export function noticesLog(
  level: LogLevel,
  destination: LineDestination,
  tell: ((told: ErrorTold) => void) | null,
): ConsoleLog {
  if (tell === null) return new ConsoleLog(level, destination);
  return new TellingLog(level, destination, tell);
}

interface LineDestination {
  write(line: string): void;
}

class TellingLog extends ConsoleLog {
  readonly #tell: (told: ErrorTold) => void;

  constructor(level: LogLevel, destination: LineDestination, tell: (told: ErrorTold) => void) {
    super(level, destination);
    this.#tell = tell;
  }

  override error(message: string, error?: unknown, id?: string): void {
    super.error(message, error);
    const stack = error === undefined ? "" : inspect(error);
    this.#tell({ kind: "error", message, stack, id: id ?? null });
  }
}

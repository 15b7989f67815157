// The log of notices. Of a library's server what is logged as an error is told, too, in its parts.
// By which mark code was loaded is nobody's business: lines name files as they are called.
import type { LogLevel } from "../base/log.ts";
import { shownError } from "../base/shown-error.ts";
import { ConsoleLog, withoutMarks } from "../runtime/index.ts";
import type { ErrorTold } from "./orders.ts";

/** The log of notices; `tell`: who is told of errors, where somebody is. */
export function noticesLog(
  level: LogLevel,
  destination: LineDestination,
  tell: ((told: ErrorTold) => void) | null,
): ConsoleLog {
  const unmarked = { write: (line: string): void => destination.write(withoutMarks(line)) };
  if (tell === null) return new ConsoleLog(level, unmarked);
  return new TellingLog(level, unmarked, tell);
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
    const stack = error === undefined ? "" : withoutMarks(shownError(error));
    this.#tell({ kind: "error", message, stack, id: id ?? null });
  }
}

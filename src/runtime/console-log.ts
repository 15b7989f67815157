// Notices for people, a line each: `2026-01-02T03:04:05.678Z warn message`. What comes from outside
// (names, targets) may be in them: control characters and direction marks are written out, so that
// a line can neither pass for two nor play with the terminal it is read on.
import { systemClock, type Clock } from "../base/clock.ts";
import { LOG_LEVELS, type Log, type LogLevel } from "../base/log.ts";
import { shownError } from "../base/shown-error.ts";
import type { LogFile } from "./log-file.ts";

/** A log that writes notices of its level and above to `destination`. */
export class ConsoleLog implements Log {
  level: LogLevel;
  readonly #destination: Pick<LogFile, "write">;
  readonly #clock: Clock;

  constructor(level: LogLevel, destination: Pick<LogFile, "write">, clock: Clock = systemClock) {
    this.level = level;
    this.#destination = destination;
    this.#clock = clock;
  }

  debug(message: string): void {
    this.#write("debug", message);
  }

  info(message: string): void {
    this.#write("info", message);
  }

  warn(message: string): void {
    this.#write("warn", message);
  }

  error(message: string, error?: unknown): void {
    this.#write("error", message);
    if (error === undefined) return;
    for (const line of shownError(error).split("\n")) {
      this.#destination.write(`  ${escaped(line)}`);
    }
  }

  #write(of: LogLevel, message: string): void {
    if (LOG_LEVELS.indexOf(of) < LOG_LEVELS.indexOf(this.level)) return;
    const time = new Date(this.#clock.nowMs()).toISOString();
    this.#destination.write(`${time} ${of} ${escaped(message)}`);
  }
}

// C0, DEL, C1; line and paragraph separators; marks that turn the direction of what follows.
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

function escaped(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

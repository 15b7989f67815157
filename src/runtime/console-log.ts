// Notices for people, a line each: `2026-01-02T03:04:05.678Z warn message`. What comes from outside
// (names, targets) may be in them: control characters and direction marks are written out, so that
// a line can neither pass for two nor play with the terminal it is read on.
import { inspect } from "node:util";
import { systemClock, type Clock } from "../base/clock.ts";
import { LOG_LEVELS, type Log, type LogLevel } from "../base/log.ts";
import type { LogFile } from "./log-file.ts";

/** A log that writes notices of `level` and above to `destination`. */
export function consoleLog(
  level: LogLevel,
  destination: Pick<LogFile, "write">,
  clock: Clock = systemClock,
): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  const write = (of: LogLevel, message: string): void => {
    if (LOG_LEVELS.indexOf(of) < lowest) return;
    destination.write(`${new Date(clock.nowMs()).toISOString()} ${of} ${escaped(message)}`);
  };
  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warn: (message) => write("warn", message),
    error: (message, error) => {
      write("error", message);
      if (error === undefined) return;
      for (const line of inspect(error).split("\n")) destination.write(`  ${escaped(line)}`);
    },
  };
}

// C0, DEL, C1; line and paragraph separators; marks that turn the direction of what follows.
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

function escaped(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

// The signals that ask a server to stop: SIGTERM from a service manager, SIGINT from Ctrl-C, SIGHUP
// when its terminal goes away. The first asks to finish what is under way, a second to end at once.
import { constants } from "node:os";

const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

// Ctrl-C goes to every process of a terminal's foreground group, and npm, being one, passes it on:
// so under `npm start` one keystroke comes twice. No person presses a key again so soon. Other
// signals have no echo: whoever sends two means two.
const ECHO_MS = 100;

/**
 * Resolves at the first stop signal. `onSecond` is handed what a process ended by that signal exits
 * with (128 and its number). Once called, none of them ends the process by itself any more.
 */
export function firstStopSignal(onSecond: (exitCode: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let first: { readonly signal: StopSignal; readonly atMs: number } | null = null;
    const onSignal = (signal: StopSignal): void => {
      const nowMs = performance.now();
      if (first === null) {
        first = { signal, atMs: nowMs };
        resolve();
      } else if (!isEcho(signal, first.signal, nowMs - first.atMs)) {
        onSecond(128 + constants.signals[signal]);
      }
    };
    for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  });
}

function isEcho(signal: StopSignal, first: StopSignal, laterMs: number): boolean {
  return signal === "SIGINT" && first === "SIGINT" && laterMs <= ECHO_MS;
}

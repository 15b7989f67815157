// The signals that a server takes: SIGTERM from a service manager and SIGINT from Ctrl-C ask it to
// stop, a first one to finish what is under way, a second to end at once; SIGHUP asks it to read
// its config anew.
import { constants } from "node:os";

const STOP_SIGNALS = ["SIGTERM", "SIGINT"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

// Ctrl-C goes to every process of a terminal's foreground group, and npm, being one, passes it on:
// so under `npm start` one keystroke comes twice. No person presses a key again so soon. Other
// signals have no echo: whoever sends two means two.
const ECHO_MS = 100;

export interface SignalHandlers {
  onReload(): void;
  /** `exitCode` is what a process ended by that signal exits with: 128 and its number. */
  onSecondStop(exitCode: number): void;
}

/** From its making on, none of these signals ends the process by itself any more. */
export class ServerSignals {
  /** Resolves when the server is asked to stop. */
  readonly stopAsked: Promise<void>;
  readonly #handlers: SignalHandlers;
  #resolve: () => void = () => undefined;
  #first: { readonly signal: StopSignal | null; readonly atMs: number } | null = null;

  constructor(handlers: SignalHandlers) {
    this.#handlers = handlers;
    this.stopAsked = new Promise((resolve) => (this.#resolve = resolve));
    for (const signal of STOP_SIGNALS) process.on(signal, () => this.#onStop(signal));
    process.on("SIGHUP", () => handlers.onReload());
  }

  /** As a first signal does. */
  askToStop(): void {
    this.#first ??= { signal: null, atMs: performance.now() };
    this.#resolve();
  }

  #onStop(signal: StopSignal): void {
    const atMs = performance.now();
    if (this.#first === null) {
      this.#first = { signal, atMs };
      this.#resolve();
    } else if (!this.#isEcho(signal, atMs)) {
      this.#handlers.onSecondStop(128 + constants.signals[signal]);
    }
  }

  #isEcho(signal: StopSignal, atMs: number): boolean {
    const { signal: first, atMs: firstMs } = this.#first!;
    return signal === "SIGINT" && first === "SIGINT" && atMs - firstMs <= ECHO_MS;
  }
}

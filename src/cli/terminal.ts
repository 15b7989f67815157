// Where a command writes. A reader that goes away (`portico check --print | head`) ends nothing:
// what it no longer wants is dropped. Colours are for terminals, unless NO_COLOR or a dumb TERM
// says not to.
import { setImmediate } from "node:timers/promises";
import { getSystemErrorMessage } from "node:util";

export interface Terminal {
  /** Writes to standard output: what was asked for. */
  out(text: string): void;
  /** Writes to standard error: everything else. */
  err(text: string): void;
  readonly outColor: boolean;
  readonly errColor: boolean;
  /** How wide standard error is at this moment; null where it can't rewrite a line. */
  readonly errColumns: number | null;
  /** Why something written to standard output was lost; a reader that left is no loss. */
  outLost(): Promise<string | null>;
}

/** The terminal, pipe or file that the process was started on. */
export class ProcessTerminal implements Terminal {
  readonly outColor = colours(process.stdout.isTTY);
  readonly errColor = colours(process.stderr.isTTY);
  #outLost: string | null = null;

  constructor() {
    // Without listeners an EPIPE would end the process, a server with all its connections too.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.#outLost ??= inWords(error);
    });
    process.stderr.on("error", () => {});
  }

  out(text: string): void {
    process.stdout.write(text);
  }

  err(text: string): void {
    process.stderr.write(text);
  }

  get errColumns(): number | null {
    const { isTTY, columns } = process.stderr;
    return isTTY && process.env["TERM"] !== "dumb" ? columns || 80 : null;
  }

  async outLost(): Promise<string | null> {
    await setImmediate(); // a write's error is told after the turn that wrote
    return this.#outLost;
  }
}

function inWords({ errno, message }: NodeJS.ErrnoException): string {
  return errno === undefined ? message : getSystemErrorMessage(errno);
}

function colours(isTerminal: boolean): boolean {
  const { NO_COLOR: noColor = "", TERM: term } = process.env;
  return isTerminal && noColor === "" && term !== "dumb";
}

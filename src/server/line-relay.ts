// A worker's lines on their way to the main thread, where each log has its one writer: two that
// write to one descriptor would write into each other's lines. The lines of 50 ms go together.
import type { LogName, Note } from "./orders.ts";

const BATCH_MS = 50;
const BATCH_LENGTH = 64 * 1024;

export class LineRelay {
  readonly #log: LogName;
  readonly #note: (note: Note) => void;
  #text = "";
  #count = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(log: LogName, note: (note: Note) => void) {
    this.#log = log;
    this.#note = note;
  }

  /** Queues `line`, which holds no line end. */
  write(line: string): void {
    this.#text += `${line}\n`;
    this.#count += 1;
    if (this.#text.length >= BATCH_LENGTH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#count === 0) return;
    this.#note({ kind: "lines", log: this.#log, text: this.#text, count: this.#count });
    this.#text = "";
    this.#count = 0;
  }
}

// Lines on their way to a file or to standard error. Writing a line costs a string: the lines of 50
// ms leave together, in order, one write at a time, and nobody waits for it.
//
//   write(line) → #waiting (text) → #batch (bytes: what a write is under way with, or left over)
//
// A full device or a reader that takes nothing stops no answer: up to 1 MiB waits, what comes
// beyond it is dropped and counted. A reader that left gets nothing more. What waits at exit is
// written then.
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  write as writeWithCallback,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";

/** Is told, in a sentence, when lines begin to be lost, and how many were when that is over. */
export type LossReport = (message: string) => void;

const BATCH_MS = 50;
const BATCH_LENGTH = 64 * 1024;
const BACKLOG_LENGTH_MAX = 1024 * 1024;
// A single turn of the loop may answer thousands of pipelined requests. A file that takes what it
// is given is only waiting for its turn, and as much may wait as one turn can bring.
const BURST_LENGTH_MAX = 32 * 1024 * 1024;
// A device that is full will be for a while.
const RETRY_MS = 1000;
// At the end, a reader that takes nothing for so long is left behind.
const FAREWELL_MS = 2000;
const FAREWELL_PAUSE_MS = 20;
const NOTHING = Buffer.alloc(0);
const NEWLINE = 0x0a;

const writeTo = promisify(writeWithCallback);

/** What a write came to: some of it went; not now; nobody reads any more; the device refuses. */
type Outcome = "went" | "later" | "gone" | "failed";

export class LogFile {
  readonly #path: string | null; // null: standard error
  readonly #onLoss: LossReport;
  readonly #isFile: boolean;
  #fd: number;
  #waiting = "";
  #batch: Buffer = NOTHING;
  #inFlight = false;
  #running: Promise<void> | null = null;
  #outcome: Outcome = "went"; // of the last write
  #wake: () => void = () => undefined; // ends the pause between two writes
  #ending: Promise<void> | null = null;
  #urgent = false;
  #losing = false;
  #lostLines = 0;

  /** `where` is "stderr" or a file's path; throws the system's error where it cannot be opened. */
  constructor(where: string, onLoss: LossReport = () => undefined) {
    this.#path = where === "stderr" ? null : where;
    this.#onLoss = onLoss;
    // Asking for process.stderr makes a pipe non-blocking: a stuck reader would hold a thread of
    // the pool, and the process at its end.
    this.#fd = this.#path === null ? process.stderr.fd : open(this.#path);
    this.#isFile = fstatSync(this.#fd).isFile();
    process.on("exit", this.#atExit);
  }

  readonly #atExit = (): void => this.flushSync();

  /** Queues `line`, which holds no line end. Never throws, never waits. */
  write(line: string): void {
    this.writeLines(`${line}\n`, 1);
  }

  /** Queues `count` whole lines, each with its line feed: all of them, or none. */
  writeLines(text: string, count: number): void {
    if (this.#ending !== null || this.#backlog + text.length > this.#backlogMax) {
      this.#lose(count, "more is written than it takes");
      return;
    }
    this.#waiting += text;
    if (this.#running === null) this.#running = this.#run();
    else if (this.#waiting.length >= BATCH_LENGTH && this.#outcome === "went") this.#wake();
  }

  get #backlogMax(): number {
    return this.#isFile && this.#outcome === "went" ? BURST_LENGTH_MAX : BACKLOG_LENGTH_MAX;
  }

  /** Resolves when all lines so far are written, or cannot be for now. */
  async flush(): Promise<void> {
    this.#urgent = true;
    this.#wake();
    if (this.#backlog > 0) this.#running ??= this.#run();
    await this.#running;
    this.#urgent = false;
  }

  /** For a process that ends now: writes what waits before it returns. */
  flushSync(): void {
    // The bytes of a write under way are left to it: the process joins its threads when it exits.
    if (!this.#inFlight) this.#takeWaiting();
    let rest = this.#inFlight ? Buffer.from(this.#waiting) : this.#batch;
    this.#waiting = "";
    if (!this.#inFlight) this.#batch = NOTHING;
    let stalledMs = 0;
    while (rest.length > 0 && stalledMs < FAREWELL_MS) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest));
        stalledMs = 0;
      } catch (error) {
        if (outcomeOf(error) !== "later") return;
        sleep(FAREWELL_PAUSE_MS);
        stalledMs += FAREWELL_PAUSE_MS;
      }
    }
  }

  /** Writes what waits, then closes. Lines that come later are lost. */
  close(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** Opens the file anew, for after it was renamed; throws and stays where that fails. */
  async reopen(): Promise<void> {
    if (this.#path === null || this.#ending !== null) return;
    const fd = open(this.#path);
    await this.flush();
    const before = this.#fd;
    this.#fd = fd;
    closeSync(before);
  }

  get #backlog(): number {
    return this.#waiting.length + this.#batch.length;
  }

  async #run(): Promise<void> {
    let stalledMs = 0;
    while (this.#backlog > 0) {
      const pauseMs = this.#pauseMs();
      if (pauseMs > 0) await this.#pause(pauseMs);
      this.#outcome = await this.#writeBatch();
      stalledMs = this.#outcome === "later" ? stalledMs + pauseMs : 0;
      if (this.#urgent && (this.#outcome === "failed" || stalledMs >= FAREWELL_MS)) break;
    }
    this.#running = null;
  }

  #pauseMs(): number {
    if (this.#outcome === "later") return this.#urgent ? FAREWELL_PAUSE_MS : BATCH_MS;
    if (this.#urgent) return 0;
    if (this.#outcome === "failed") return RETRY_MS;
    return this.#backlog >= BATCH_LENGTH ? 0 : BATCH_MS;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #writeBatch(): Promise<Outcome> {
    this.#takeWaiting();
    this.#inFlight = true;
    try {
      const { bytesWritten } = await writeTo(this.#fd, this.#batch);
      this.#batch = this.#batch.subarray(bytesWritten);
      if (this.#losing && this.#backlog < BACKLOG_LENGTH_MAX / 2) this.#reportEnd();
      return "went";
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === "gone") this.#drop("nobody reads it any more");
      else if (outcome === "failed") this.#beginLoss((error as Error).message);
      return outcome;
    } finally {
      this.#inFlight = false;
    }
  }

  #takeWaiting(): void {
    if (this.#waiting === "") return;
    const bytes = Buffer.from(this.#waiting);
    this.#batch = this.#batch.length === 0 ? bytes : Buffer.concat([this.#batch, bytes]);
    this.#waiting = "";
  }

  async #end(): Promise<void> {
    await this.flush();
    process.off("exit", this.#atExit);
    if (this.#backlog > 0) this.#drop("it took no more before the end");
    if (this.#losing) this.#reportEnd();
    if (this.#path !== null) closeSync(this.#fd);
  }

  #drop(why: string): void {
    this.#takeWaiting();
    let lines = 0;
    for (const byte of this.#batch) if (byte === NEWLINE) lines += 1;
    this.#batch = NOTHING;
    this.#lose(lines, why);
  }

  #lose(lines: number, why: string): void {
    this.#lostLines += lines;
    this.#beginLoss(why);
  }

  #beginLoss(why: string): void {
    if (this.#losing) return;
    this.#losing = true; // before the report, which may be a line for this very log
    this.#onLoss(`the log ${this.#name} cannot be written: ${why}`);
  }

  #reportEnd(): void {
    const lost = this.#lostLines;
    this.#losing = false;
    this.#lostLines = 0;
    const lines = lost === 1 ? "1 line was" : `${lost} lines were`;
    this.#onLoss(`the log ${this.#name}: ${lines} lost since it could not be written`);
  }

  get #name(): string {
    return this.#path ?? "on standard error";
  }
}

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

function open(path: string): number {
  // O_NONBLOCK: a named pipe without a reader is refused instead of waited for.
  return openSync(path, O_APPEND | O_CREAT | O_NONBLOCK | O_WRONLY, 0o640);
}

function outcomeOf(error: unknown): Outcome {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EAGAIN" || code === "EINTR") return "later";
  return code === "EPIPE" || code === "ECONNRESET" ? "gone" : "failed";
}

const never = new Int32Array(new SharedArrayBuffer(4));

function sleep(ms: number): void {
  Atomics.wait(never, 0, 0, ms);
}

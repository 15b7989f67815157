// A worker's hold on one decoder's process: a question in, an answer out, and an end that nothing
// in it can put off. What comes from it is believed as little as what was uploaded.
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { LINE_BYTES_MAX, THUMBNAIL_BYTES_MAX, type AnswerLine, type Question } from "./messages.ts";

export type Answer =
  | Exclude<AnswerLine, { kind: "ready" | "bytes" }>
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** It ended, or was ended, before it answered; `began`: it had been able to decode. */
  | { readonly kind: "dead"; readonly why: string; readonly began: boolean };

export interface DecoderParts {
  readonly entry: URL;
  /** What it may have of memory in all. */
  readonly memoryBytes: number;
}

// Memory; no files written; no core dumps; the first to go where the machine has no memory left.
// A bound that can't be set is no reason not to go on: the deadline is kept from here.
const BOUNDED =
  'echo 1000 2>/dev/null >/proc/self/oom_score_adj; ulimit -d "$1"; ulimit -c 0; ulimit -f 0; ' +
  'shift; exec "$@"';
// libvips would put large pictures on disk; and one thread decodes.
const ENVIRONMENT = {
  VIPS_DISC_THRESHOLD: "1000g",
  UV_THREADPOOL_SIZE: "1",
  MALLOC_ARENA_MAX: "2",
};
const COMPLAINT_CHARACTERS_MAX = 500;
const LINE_FEED = 0x0a;

interface Holdable {
  ref(): void;
  unref(): void;
}

/** To load itself, on a busy machine. */
const START_MS = 20_000;

interface Asked {
  resolve(answer: Answer): void;
  readonly timeoutMs: number;
  late: NodeJS.Timeout;
}

export class Decoder {
  readonly #child: ChildProcess;
  #asked: Asked | null = null;
  #began = false;
  #isAlive = true;
  #came = Buffer.alloc(0);
  /** Of the answer whose line has come. */
  #bytesLeft: number | null = null;
  #pieces: Buffer[] = [];
  #complaint = "";
  #why = "";

  constructor({ entry, memoryBytes }: DecoderParts) {
    const kib = String(Math.ceil(memoryBytes / 1024));
    const command = ["-c", BOUNDED, "sh", kib, process.execPath, fileURLToPath(entry)];
    this.#child = spawn("/bin/sh", command, { stdio: "pipe", env: ENVIRONMENT, cwd: "/" });
    this.#child.on("error", (error) => this.#onEnd(error.message));
    if (this.#child.pid === undefined) {
      // Without descriptors there are no pipes, either.
      this.#isAlive = false;
      this.#why = "no process could be started";
      return;
    }
    const { stdin, stdout, stderr } = this.#child;
    stdin!.on("error", () => {}); // its end tells more
    stdout!.on("data", (piece: Buffer) => this.#onData(piece));
    stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint += text.slice(0, COMPLAINT_CHARACTERS_MAX - this.#complaint.length);
    });
    this.#child.on("close", (status, signal) => this.#onEnd(String(signal ?? status)));
  }

  /** False: it takes no more questions. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** One at a time. Where no answer comes in time it is ended. Never rejects. */
  ask(question: Question, timeoutMs: number): Promise<Answer> {
    if (!this.#isAlive) return Promise.resolve(this.#dead());
    this.#hold(true);
    return new Promise((resolve) => {
      const late = this.#killIn(this.#began ? timeoutMs : START_MS);
      this.#asked = { resolve, timeoutMs, late };
      this.#child.stdin!.write(`${JSON.stringify(question)}\n`);
    });
  }

  /** Ends it, whatever it does. */
  end(): void {
    this.#kill("it is not needed any more");
  }

  #onData(piece: Buffer): void {
    if (this.#bytesLeft !== null) return this.#onBytes(piece);
    this.#came = Buffer.concat([this.#came, piece]);
    const end = this.#came.indexOf(LINE_FEED);
    if (end < 0) {
      if (this.#came.length > LINE_BYTES_MAX) this.#kill("it babbles");
      return;
    }
    const line = answerLine(this.#came.subarray(0, end).toString());
    const rest = this.#came.subarray(end + 1);
    this.#came = Buffer.alloc(0);
    this.#onLine(line);
    if (rest.length > 0) this.#onData(rest);
  }

  #onLine(line: AnswerLine | null): void {
    const isFirst = !this.#began;
    if (line === null || isFirst !== (line.kind === "ready")) return this.#kill("it babbles");
    this.#began = true;
    if (line.kind === "ready") return this.#onReady();
    if (line.kind !== "bytes") return this.#settle(line);
    this.#bytesLeft = line.length;
    this.#pieces = [];
  }

  /** The time for an answer begins. */
  #onReady(): void {
    if (this.#asked === null) return;
    clearTimeout(this.#asked.late);
    this.#asked.late = this.#killIn(this.#asked.timeoutMs);
  }

  #killIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#kill(`no answer in ${ms / 1000} s`), ms);
  }

  #onBytes(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytesLeft! -= piece.length;
    if (this.#bytesLeft! < 0) return this.#kill("it babbles");
    if (this.#bytesLeft! > 0) return;
    this.#bytesLeft = null;
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#settle({ kind: "bytes", bytes });
  }

  #settle(answer: Answer): void {
    const asked = this.#asked;
    if (asked === null) return this.#kill("it answered without being asked");
    this.#asked = null;
    clearTimeout(asked.late);
    if (this.#isAlive) this.#hold(false);
    asked.resolve(answer);
  }

  #kill(why: string): void {
    if (this.#why === "") this.#why = why;
    this.#isAlive = false;
    this.#child.kill("SIGKILL");
    if (this.#asked !== null) this.#settle(this.#dead());
  }

  #onEnd(how: string): void {
    if (this.#why === "") this.#why = `${how} ${this.#complaint}`.trim();
    this.#isAlive = false;
    if (this.#asked !== null) this.#settle(this.#dead());
  }

  #dead(): Answer {
    return { kind: "dead", why: this.#why, began: this.#began };
  }

  /** While it is asked nothing it keeps nobody's loop turning. */
  #hold(isHeld: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    // Pipes are sockets, which the types do not say; and a room knows no sockets.
    for (const handle of [this.#child, stdin, stdout, stderr] as Holdable[]) {
      if (isHeld) handle.ref();
      else handle.unref();
    }
  }
}

/** Null where the line is none that a decoder of ours writes. */
function answerLine(text: string): AnswerLine | null {
  let line: Partial<Record<string, unknown>>;
  try {
    line = JSON.parse(text) as typeof line;
  } catch {
    return null;
  }
  const { kind, width, height, type, length, code, detail } = line ?? {};
  if (kind === "ready") return { kind };
  if (kind === "size" && isCount(width) && isCount(height) && isMediaType(type)) {
    return { kind, width, height, type };
  }
  if (kind === "bytes" && isCount(length) && length <= THUMBNAIL_BYTES_MAX) {
    return { kind, length };
  }
  const isKnown = code === "pictureTooLarge" || code === "pictureUnreadable";
  return kind === "refused" && isKnown ? { kind, code, detail: String(detail) } : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isMediaType(value: unknown): value is string {
  return typeof value === "string" && /^image\/[a-z]+$/.test(value);
}

// A program by posix_spawn(3), and by pipes, as scripts open /dev/stderr, which a socket can't be.
//
//   output      by a socket of Node's over the pipe, into one buffer a thread
//   complaints  are looked for when the program ends, and at every look before: a second socket
//               costs more than all the calls of a start together
//   the end     waitpid(2) of that pid, behind the output's end, and at every look: libuv reaps
//               its own children only, and SIGCHLD is the main thread's
//
// Figures: docs/decisions/0053-programs-are-started-by-posix-spawn.md.
import { Socket } from "node:net";
import { getSystemErrorName } from "node:util";
import { ComplaintLines } from "./complaints.ts";
import { howEnded } from "./group.ts";
import { O_CLOEXEC, type Libc } from "./libc.ts";
import { ProgramLife, type Way } from "./life.ts";
import { closeAt, COMPLAINTS, INPUT, OUTPUT, PID, type ProgramRow } from "./program-table.ts";
import { StartFailure, type ProgramRun, type ProgramSink } from "./run.ts";
import { StartBlock } from "./start-block.ts";

const OUTPUT_BYTES = 64 * 1024;
/** Who fills so much of the pipe may be waiting for it to be read. */
const BUSY_BYTES = 16 * 1024;
const BUSY_MS = 1;
/** Complaints read in one go. */
const READS_MAX = 16;
const REAP_MS_MAX = 64;

const output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
const status = new Int32Array(1);
let block: StartBlock | null = null;

/** Starts `run`. `onRelease`: it is over, and has given back all but its row. */
export function startNative(
  calls: Libc,
  run: ProgramRun,
  sink: ProgramSink,
  row: ProgramRow,
  onRelease: () => void,
): NativeProgram | StartFailure {
  const wrong = spawnInto(calls, run, row);
  for (const place of [INPUT, OUTPUT + 1, COMPLAINTS + 1]) closeAt(row, place);
  if (wrong === null) return new NativeProgram(calls, sink, row, onRelease);
  closeAt(row, OUTPUT);
  closeAt(row, COMPLAINTS);
  return new StartFailure(wrong);
}

/** What is wrong, or null: it runs, and its row has its pid and the pipes. */
function spawnInto(calls: Libc, run: ProgramRun, row: ProgramRow): string | null {
  block ??= new StartBlock(calls);
  const wrong = block.write(run);
  if (wrong !== null) return wrong;
  const lastError = (): string => getSystemErrorName(-calls.errno());
  const { input } = run;
  if (calls.pipe2(row.subarray(OUTPUT), O_CLOEXEC) !== 0) return lastError();
  if (calls.pipe2(row.subarray(COMPLAINTS), O_CLOEXEC) !== 0) return lastError();
  if (input instanceof Uint8Array && input.length > 0) {
    const file = calls.memoryFile(input);
    if (file < 0) return lastError();
    row[INPUT] = file;
  } else if (typeof input === "number") calls.rewind(input);
  const { file, cwd, argv, envp } = block;
  const error = calls.spawn(row.subarray(PID, PID + 1), {
    file,
    cwd,
    argv,
    envp,
    input: typeof input === "number" ? input : row[INPUT]!,
    output: row[OUTPUT + 1]!,
    complaints: row[COMPLAINTS + 1]!,
  });
  return error === 0 ? null : getSystemErrorName(-error);
}

export class NativeProgram implements Way {
  readonly life: ProgramLife;
  readonly #calls: Libc;
  readonly #row: ProgramRow;
  readonly #onRelease: () => void;
  readonly #socket: Socket;
  readonly #lines: ComplaintLines;
  #isBusy = false; // complaints come faster than looks

  constructor(calls: Libc, sink: ProgramSink, row: ProgramRow, onRelease: () => void) {
    this.#calls = calls;
    this.#row = row;
    this.#onRelease = onRelease;
    this.#lines = new ComplaintLines((line) => sink.onComplaint(line));
    calls.stopBlocking(row[COMPLAINTS]!);
    const life = new ProgramLife(row[PID]!, sink, this);
    this.life = life;
    const fd = row[OUTPUT]!;
    row[OUTPUT] = 0; // the socket's from now on, which ends with its thread
    const callback = (bytes: number): boolean => this.#onOutput(fd, bytes);
    const onread = { buffer: output, callback };
    this.#socket = new Socket({ fd, readable: true, writable: false, onread });
    this.#socket.on("error", () => undefined); // "close" follows
    // Not "end": until the socket is closed the leader has had the time to end, too.
    this.#socket.on("close", () => {
      life.onOutputEnd();
      this.#reapSoon(1);
    });
  }

  /**
   * What the socket read. A script that writes little has mostly ended by then: where that is seen
   * here, its answer is whole, and leaves by one write: 40 to 70 µs less of 300 (decision 0069).
   */
  #onOutput(fd: number, bytes: number): boolean {
    const { life } = this;
    const goesOn = life.onOutput(output.subarray(0, bytes));
    if (!goesOn || bytes === OUTPUT_BYTES) return goesOn;
    const more = this.#calls.read(fd);
    if (more > 0) return life.onOutput(this.#calls.piece.subarray(0, more));
    if (more < 0) return true; // nothing yet, or what the socket will find, too
    this.#reap();
    if (life.leaderEnded) life.onOutputEnd();
    return true;
  }

  look(): void {
    this.#readComplaints();
    this.#reap();
    this.life.look();
  }

  resumeOutput(): void {
    this.#socket.resume();
  }

  closeOutput(): void {
    this.#socket.destroy();
  }

  groupGone(): void {
    this.#row[PID] = 0;
  }

  release(): void {
    this.#readComplaints();
    this.#lines.end();
    closeAt(this.#row, COMPLAINTS);
    this.#onRelease();
  }

  /** Who closes its output ends at once, mostly: 60 to 98 of 100 are found ended right here. */
  #reapSoon(nextMs: number): void {
    this.#reap();
    if (this.life.leaderEnded || nextMs > REAP_MS_MAX) return;
    setTimeout(() => this.#reapSoon(2 * nextMs), nextMs);
  }

  #reap(): void {
    const { life } = this;
    if (life.leaderEnded) {
      // Its children are ours where we are whom orphans go to: the first process of a container.
      if (!life.isOver) while (this.#calls.reap(-life.pid, status) > 0);
      return;
    }
    const reaped = this.#calls.reap(life.pid, status);
    if (reaped > 0) life.onLeaderEnd(howEnded(status[0]!));
    else if (reaped < 0) life.onLeaderEnd({ status: null, signal: null });
  }

  /** What there is, at most so much at once; the rest soon. */
  #readComplaints(): void {
    const fd = this.#row[COMPLAINTS]!;
    if (fd === 0) return;
    let bytes = 0;
    for (let reads = 0; reads < READS_MAX; reads += 1) {
      const got = this.#calls.read(fd);
      if (got <= 0) break;
      bytes += got;
      this.#lines.feed(this.#calls.piece.subarray(0, got));
    }
    if (bytes < BUSY_BYTES || this.#isBusy) return;
    this.#isBusy = true;
    setTimeout(() => {
      this.#isBusy = false;
      if (!this.life.isOver) this.#readComplaints(); // else the row is another's
    }, BUSY_MS);
  }
}

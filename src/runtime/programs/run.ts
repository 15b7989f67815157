// What is asked of a program's run, and what it tells.

export interface ProgramRun {
  /** What is executed: an absolute path. */
  readonly file: string;
  /** Behind argv[0], which is `file`. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** `NAME=value` entries, each ended by a NUL. */
  readonly environment: Uint8Array;
  /**
   * Standard input: nothing, some bytes (of at most 64 KiB), or a descriptor, of a file that is
   * read from its beginning. That stays the caller's, to be closed once `start` has resolved.
   */
  readonly input: null | Uint8Array | number;
}

/** Takes what a program has to tell. Nothing is told before `start` has resolved. */
export interface ProgramSink {
  /** Standard output. `bytes` are overwritten once this returns; false: no more until `resume`. */
  onOutput(bytes: Uint8Array): boolean;
  /** A line of standard error, or its beginning, without its end. */
  onComplaint(line: string): void;
  /**
   * The output is over: at its end, or the leader has ended and what it wrote was read, though a
   * child of it may hold the pipe still. Called once, unless the output was left.
   */
  onOutputEnd(): void;
  /** The leader is gone, and its group with it. Called once, and last. */
  onEnd(how: HowEnded): void;
}

/** Both null: somebody else has seen it end. */
export interface HowEnded {
  readonly status: number | null;
  readonly signal: string | null;
}

/** A program that runs, the leader of a process group of its own. */
export interface Program {
  readonly pid: number;
  /** More output can be taken. */
  resume(): void;
  /** Closes the output: nothing of it is told any more, and who writes to it is ended by that. */
  leaveOutput(): void;
  /** Leaves the output, and ends the group: by SIGTERM, soon after by SIGKILL. */
  end(): void;
}

/** Why a program was not started. */
export class StartFailure {
  /** The system's: ENOENT, EACCES, ENOEXEC, EAGAIN, EMFILE, E2BIG … */
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }
}

// One run of a script, from its start until it and all that it started are gone. It holds its place
// among those that run at once for as long.
//
// What it writes goes out as it comes. An answer without Content-Length ends with the output; only
// the end of the script tells whether it was killed in the middle of it, so that is awaited a
// moment.
import { Failure } from "../../base/failure.ts";
import type { Log } from "../../base/log.ts";
import type { Answer } from "../../http/exchange/index.ts";
import { RETRY_AFTER_S, type OutputSource, type ProgramAnswer } from "../../http/gateway/index.ts";
import {
  StartFailure,
  type Program,
  type HowEnded,
  type ProgramRun,
  type Programs,
  type ProgramSink,
} from "../../runtime/index.ts";

/** A script that ends does so within this from the end of its output. */
const LAST_BREATH_MS = 20;

/** The script is there, as it was opened; with CR LF the CR is part of the name. */
const NO_INTERPRETER = "what its first line names is not there; lines have to end in LF, not CR LF";

/** So much is read for nobody; who writes more has its output closed. */
const UNWANTED_BYTES_MAX = 1024 * 1024;

export interface RunOptions {
  /** How the script is called in the log. */
  readonly name: string;
  readonly log: Log;
  /** How long it may go on when nobody waits for its output any more. */
  readonly afterMs: number;
  /** Called once, when all of it is over. */
  onOver(): void;
}

export class ScriptRun implements ProgramSink, OutputSource {
  readonly #options: RunOptions;
  readonly #answer: ProgramAnswer;
  #program: Program | null = null;
  #late: NodeJS.Timeout | null = null;
  #isGone = false;
  #unwantedBytes = 0;

  /** `answerOf` makes what takes the output, which asks this run for more. */
  constructor(options: RunOptions, answerOf: (source: OutputSource) => ProgramAnswer) {
    this.#options = options;
    this.#answer = answerOf(this);
  }

  /** Nobody waits for the answer any more: how it ends is no complaint. */
  onGone(): void {
    this.#isGone = true;
    this.#program?.end();
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Starts the script. */
  async start(programs: Programs, run: ProgramRun): Promise<Answer> {
    const program = await programs.start(run, this);
    if (program instanceof StartFailure) {
      this.#options.onOver();
      return this.#notStarted(program, run);
    }
    this.#program = program;
    if (this.#isGone) program.end();
    return this.#answer.answer;
  }

  // ── what the script does ─────────────────────────────────────────────────────────────────────

  onOutput(bytes: Uint8Array): boolean {
    const more = this.#answer.feed(bytes);
    if (this.#answer.isOver) this.#unwanted(bytes.length);
    return more;
  }

  onComplaint(line: string): void {
    this.#options.log.warn(`${this.#options.name}: ${line}`);
  }

  onOutputEnd(): void {
    if (this.#answer.endsByLength) this.#outputOver();
    else this.#after(LAST_BREATH_MS, () => this.#outputOver());
  }

  onEnd({ status, signal }: HowEnded): void {
    if (this.#late !== null) clearTimeout(this.#late);
    const killed = signal === null ? null : new Failure("programFailed", `ended by ${signal}`);
    this.#answer.end(killed);
    const { failure } = this.#answer;
    if (failure !== null && !this.#isGone) {
      const how = signal === null ? `ended with ${status}` : `was ended by ${signal}`;
      const { name, log } = this.#options;
      log.warn(`${name} ${how}, and its answer is no good: ${failure.code} ${failure.detail}`);
    }
    this.#options.onOver();
  }

  /** Its answer is over: nobody is there any more whose leaving would end it. */
  #unwanted(bytes: number): void {
    if (this.#late === null) this.#mayGoOn();
    this.#unwantedBytes += bytes;
    if (this.#unwantedBytes > UNWANTED_BYTES_MAX) this.#program?.leaveOutput();
  }

  /** It goes on without output: it may, for a while. */
  #outputOver(): void {
    this.#answer.end(null);
    if (this.#answer.failure !== null) this.#program?.end();
    else this.#mayGoOn();
  }

  #mayGoOn(): void {
    this.#after(this.#options.afterMs, () => this.#program?.end());
  }

  // ── what becomes of its output ───────────────────────────────────────────────────────────────

  resume(): void {
    this.#program?.resume();
  }

  leave(): void {
    if (this.#answer.failure !== null) this.#program?.end();
    else this.#mayGoOn();
  }

  #after(ms: number, act: () => void): void {
    if (this.#late !== null) clearTimeout(this.#late);
    this.#late = setTimeout(act, ms).unref();
  }

  #notStarted({ code }: StartFailure, { file }: ProgramRun): Failure {
    const why = code === "ENOENT" ? `${code}: ${NO_INTERPRETER}` : code;
    const detail = `${this.#options.name}: ${file} can't be started (${why})`;
    this.#options.log.warn(detail);
    switch (code) {
      case "ENOENT":
      case "ENOEXEC":
      case "EACCES":
      case "EPERM":
        return new Failure("notRunnable", detail);
      case "EAGAIN":
      case "ENOMEM":
      case "EMFILE":
      case "ENFILE":
        return new Failure("programBusy", detail, [["Retry-After", RETRY_AFTER_S]]);
      default:
        return new Failure("programFailed", detail);
    }
  }
}

// The system, but that its n-th call fails: once, or from there on.
import { systemFiles, type FileSystem } from "../storage/index.ts";

/** What is asked of the system and can fail. */
type Call = Exclude<keyof FileSystem, "statSync">;

const AT_ONCE: ReadonlySet<Call> = new Set<Call>([
  ...(["fstatSync", "lstatSync", "closeSync", "openSync", "writeSync"] as const),
  ...(["linkSync", "unlinkSync"] as const),
]);

export interface Fault {
  /** Counted from 1, from `arm` on. */
  readonly nth: number;
  readonly code: string;
  readonly lasts: "once" | "on";
}

export class FailingFiles {
  readonly files: FileSystem;
  /** The calls that failed. */
  readonly failed: Call[] = [];
  #fault: Fault | null = null;
  #calls = 0;

  /** `isFar`: all file systems are of a kind that nobody knows. */
  constructor({ isFar = false } = {}) {
    const files = { ...systemFiles } as Record<string, unknown>;
    for (const [name, call] of Object.entries(systemFiles)) {
      if (name === "statSync") continue;
      files[name] = (...given: unknown[]) => this.#ask(name as Call, call as AnyCall, given);
    }
    if (isFar) files["kindAt"] = () => Promise.resolve(0);
    this.files = files as unknown as FileSystem;
  }

  arm(fault: Fault): void {
    this.#fault = fault;
    this.#calls = 0;
    this.failed.length = 0;
  }

  /** From now on nothing fails. */
  disarm(): void {
    this.#fault = null;
  }

  #ask(name: Call, call: AnyCall, given: unknown[]): unknown {
    // What the disk says is not of interest here, and slow.
    const real = name === "fsync" ? () => Promise.resolve() : call;
    if (!this.#fails()) return real(...given);
    this.failed.push(name);
    const error = Object.assign(new Error(`${name} fails`), { code: this.#fault!.code });
    if (name === "closeSync") call(...given); // as on Linux: a close that fails has closed
    if (AT_ONCE.has(name)) throw error;
    if (name === "attributeOf") return Promise.resolve(null); // it has no errors
    // As on Linux: a close that fails has closed.
    const closed = name === "close" ? Promise.resolve(call(...given)) : Promise.resolve();
    return closed.then(() => Promise.reject(error));
  }

  #fails(): boolean {
    if (this.#fault === null) return false;
    this.#calls += 1;
    const { nth, lasts } = this.#fault;
    return lasts === "once" ? this.#calls === nth : this.#calls >= nth;
  }
}

type AnyCall = (...given: unknown[]) => unknown;

// What is executed for a script: the interpreter that the route names for the end of its name, or
// the script itself. Never a shell: execve(2) is handed the script's path as it is, and whatever
// has neither `#!` nor a program's magic number is not tried.
import { Failure } from "../../base/failure.ts";
import { findProgram } from "../../runtime/index.ts";
import { readSlice, type OpenFile } from "../../storage/index.ts";

export interface Command {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
}

const ANY_X = 0o111;
const HASH_BANG = "#!";
const ELF = "\x7fELF";

/** What runs `script`, whose file is open. */
export async function commandFor(
  script: OpenFile,
  interpreters: Interpreters,
): Promise<Command | Failure> {
  const interpreter = interpreters.of(script.path);
  if (interpreter !== null) {
    const file = interpreter.file();
    if (file !== null) return { file, args: [script.path] };
    return new Failure("interpreterMissing", `${script.path}: there is no ${interpreter.name}`);
  }
  if ((script.mode & ANY_X) === 0) return new Failure("notRunnable", `${script.path}: no x bit`);
  const start = await firstBytes(script);
  if (!start.startsWith(HASH_BANG) && start !== ELF) {
    return new Failure("notRunnable", `${script.path}: neither #! nor a program`);
  }
  return { file: script.path, args: [] };
}

async function firstBytes(script: OpenFile): Promise<string> {
  if (script.bytes !== null)
    return Buffer.from(script.bytes.subarray(0, ELF.length)).toString("latin1");
  const start = Buffer.alloc(ELF.length);
  const bytes = await readSlice(script, 0, start.length, start);
  return start.toString("latin1", 0, bytes);
}

/** A program that runs scripts, looked for until it is there. */
class Interpreter {
  readonly name: string;
  #file: string | null = null;

  constructor(name: string) {
    this.name = name;
  }

  /** Its path; null while it is not installed. */
  file(): string | null {
    this.#file ??= findProgram(this.name);
    return this.#file;
  }
}

/** A route's interpreters by the end of a script's name, the longest end first. */
export class Interpreters {
  readonly #bySuffix: readonly (readonly [suffix: string, interpreter: Interpreter])[];

  constructor(names: Readonly<Record<string, string>>) {
    this.#bySuffix = Object.entries(names)
      .map(([suffix, name]) => [suffix, new Interpreter(name)] as const)
      .toSorted(([a], [b]) => b.length - a.length);
  }

  of(path: string): Interpreter | null {
    for (const [suffix, interpreter] of this.#bySuffix) {
      if (path.endsWith(suffix)) return interpreter;
    }
    return null;
  }
}

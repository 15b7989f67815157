// Programs that are run by a test, and what they told.
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  Programs,
  programsMemory,
  StartFailure,
  type HowEnded,
  type Program,
  type ProgramRun,
  type ProgramSink,
} from "../runtime/index.ts";

/** What a program told so far. */
export class ProgramNotes implements ProgramSink {
  output = "";
  outputBytes = 0;
  outputEnds = 0;
  readonly complaints: string[] = [];
  readonly ends: HowEnded[] = [];
  /** Answers each piece of output; to be set for what must wait. */
  takes: (bytes: Uint8Array) => boolean = () => true;
  #tell: () => void = () => undefined;

  onOutput(bytes: Uint8Array): boolean {
    this.outputBytes += bytes.length;
    if (this.output.length < 1e6) this.output += Buffer.from(bytes).toString("latin1");
    const more = this.takes(bytes);
    this.#tell();
    return more;
  }

  onComplaint(line: string): void {
    this.complaints.push(line);
    this.#tell();
  }

  onOutputEnd(): void {
    this.outputEnds += 1;
    this.#tell();
  }

  onEnd(how: HowEnded): void {
    this.ends.push(how);
    this.#tell();
  }

  /** Resolves once `what` is so; it is looked at whenever something is told. */
  until(what: (notes: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#tell = () => what(this) && resolve();
      this.#tell();
    });
  }

  async end(): Promise<HowEnded> {
    await this.until(({ ends }) => ends.length > 0);
    return this.ends[0]!;
  }
}

/** Scripts in a folder, and what runs them. */
export class ProgramBench {
  readonly folder: string;
  readonly programs: Programs;
  #scripts = 0;

  constructor(folder: string, programs = new Programs(programsMemory(1), 0)) {
    this.folder = folder;
    this.programs = programs;
  }

  /** Writes a script for sh, or one that begins with `#!` itself. Resolves with its path. */
  async script(text: string, mode = 0o755): Promise<string> {
    const file = join(this.folder, `script-${this.#scripts}`);
    this.#scripts += 1;
    await writeFile(file, text.startsWith("#!") ? text : `#!/bin/sh\n${text}\n`);
    await chmod(file, mode);
    return file;
  }

  /** Starts what `run` says, else the file alone, without arguments, environment or input. */
  async start(
    file: string,
    run: Partial<ProgramRun> = {},
    notes = new ProgramNotes(),
  ): Promise<ProgramNotes & { program: Program }> {
    const started = await this.tryStart(file, run, notes);
    if (started instanceof StartFailure) throw new Error(`${file}: ${started.code}`);
    return Object.assign(notes, { program: started });
  }

  tryStart(
    file: string,
    run: Partial<ProgramRun> = {},
    notes = new ProgramNotes(),
  ): Promise<Program | StartFailure> {
    const environment = environmentOf("PATH=/usr/bin:/bin");
    const rest = { args: [], cwd: this.folder, environment, input: null, ...run };
    return this.programs.start({ file, ...rest }, notes);
  }
}

/** Entries as a program is given them; strings are UTF-8. */
export function environmentOf(...entries: readonly (string | Uint8Array)[]): Uint8Array {
  const nul = Buffer.of(0);
  return Buffer.concat(entries.flatMap((entry) => [Buffer.from(entry as string), nul]));
}

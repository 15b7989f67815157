// Starts programs, and looks after them until they are gone: natively where the C library can be
// called, by child_process elsewhere.
import { libc } from "./libc.ts";
import { LOOK_MS } from "./life.ts";
import { startNative, type NativeProgram } from "./native-way.ts";
import { startPlain, type PlainProgram } from "./plain-way.ts";
import { ProgramTable, type ProgramRow } from "./program-table.ts";
import { StartFailure, type Program, type ProgramRun, type ProgramSink } from "./run.ts";

export class Programs {
  readonly #table: ProgramTable;
  readonly #running = new Set<NativeProgram | PlainProgram>();
  #looks: NodeJS.Timeout | null = null;

  /** `memory`: by `programsMemory`; `worker`: whose part of it this is. */
  constructor(memory: ProgramRow, worker: number) {
    this.#table = new ProgramTable(memory, worker);
  }

  /** Programs that are not gone yet. */
  get running(): number {
    return this.#running.size;
  }

  async start(run: ProgramRun, sink: ProgramSink): Promise<Program | StartFailure> {
    const row = this.#table.take();
    if (row === null) return new StartFailure("EAGAIN");
    let started: NativeProgram | PlainProgram | StartFailure | null = null;
    const onRelease = (): void => {
      this.#table.free(row);
      this.#forget(started as NativeProgram | PlainProgram);
    };
    const calls = libc();
    started =
      calls === null
        ? await startPlain(run, sink, row, onRelease)
        : startNative(calls, run, sink, row, onRelease);
    if (started instanceof StartFailure) {
      this.#table.free(row);
      return started;
    }
    this.#running.add(started);
    this.#looks ??= setInterval(() => this.#look(), LOOK_MS);
    return started.life;
  }

  #look(): void {
    for (const program of this.#running) program.look();
  }

  #forget(program: NativeProgram | PlainProgram): void {
    this.#running.delete(program);
    if (this.#running.size > 0 || this.#looks === null) return;
    clearInterval(this.#looks);
    this.#looks = null;
  }
}

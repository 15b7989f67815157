// A worker that runs programs, for tests of what is left of them when it dies.
import { Programs, programWays, serveOrders, type ProgramRow } from "../runtime/index.ts";
import { ProgramBench, ProgramNotes } from "./program-notes.ts";

export interface ProgramsInit {
  readonly memory: ProgramRow;
  readonly folder: string;
  readonly native: boolean;
}

/** Starts a script and answers with its pid, when it has said something; or never turns again. */
export type ProgramsOrder =
  | { readonly kind: "start"; readonly script: string; readonly takes: boolean }
  | { readonly kind: "spin" };

void serveOrders<ProgramsInit, ProgramsOrder>(({ memory, folder, native }, parent) => {
  programWays.native = native;
  const bench = new ProgramBench(folder, new Programs(memory, parent.index));
  return {
    async carryOut(order) {
      if (order.kind === "spin") for (;;);
      const notes = new ProgramNotes();
      notes.takes = () => order.takes;
      const { program } = await bench.start(order.script, {}, notes);
      await notes.until(({ outputBytes }) => outputBytes > 0);
      return program.pid;
    },
  };
});

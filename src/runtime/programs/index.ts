export { ComplaintLines } from "./complaints.ts";
export { findProgram, PROGRAM_PATH } from "./find-program.ts";
export { signalGroup } from "./group.ts";
export { programWays } from "./libc.ts";
export { Programs } from "./programs.ts";
export { endPrograms, programsMemory, programsOf, type ProgramRow } from "./program-table.ts";
export { StartFailure, type HowEnded, type Program, type ProgramRun } from "./run.ts";
export type { ProgramSink } from "./run.ts";

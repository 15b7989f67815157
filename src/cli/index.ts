export { EXIT } from "./exit-code.ts";
export { run } from "./program.ts";
export type { Terminal } from "./terminal.ts";

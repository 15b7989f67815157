// The program. What it does is in program.ts; here it meets the process.
import { run } from "./program.ts";
import { ProcessTerminal } from "./terminal.ts";

// Exits by itself: a command is over when it says so, whatever the event loop still holds.
process.exit(await run(process.argv.slice(2), new ProcessTerminal()));

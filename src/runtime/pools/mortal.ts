// A server that is killed can end nobody. `setpriv` of util-linux, which most Linux systems have,
// asks the kernel to end a process with its parent, and then becomes the program: one more execve.
// Without it the processes of a killed server stay until they end by themselves.
import { findProgram } from "../programs/index.ts";

type Command = readonly [string, ...string[]];

/** `command`, as it ends with this process where that can be had. */
export function mortal(command: Command): Command {
  const [program, ...args] = command;
  // What is missing is to be told by its own name.
  const file = findProgram(program);
  const setpriv = process.platform === "linux" ? findProgram("setpriv") : null;
  if (file === null || setpriv === null) return command;
  return [setpriv, "--pdeathsig", "TERM", file, ...args];
}

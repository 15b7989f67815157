// A server that is killed can end nobody. `setpriv` of util-linux, which most Linux systems have,
// asks the kernel to end a process with its parent, and then becomes the program: one more execve.
// Without it the processes of a killed server stay until they end by themselves.
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** `command`, as it ends with this process where that can be had. */
export function mortal(command: readonly [string, ...string[]], path: string): readonly string[] {
  const [program, ...args] = command;
  // What is missing is to be told by its own name.
  const file = findOn(path, program);
  const setpriv = findOn(path, "setpriv");
  if (file === null || setpriv === null || process.platform !== "linux") return command;
  return [setpriv, "--pdeathsig", "TERM", file, ...args];
}

function findOn(path: string, program: string): string | null {
  const places = isAbsolute(program)
    ? [program]
    : path.split(delimiter).map((folder) => join(folder, program));
  return places.find(isRunnable) ?? null;
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

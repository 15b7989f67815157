// Whether the system would execute a file by itself. Where it would not, the execvp of libuv has a
// shell run the file, whatever is in it; so the plain way looks first.
import { accessSync, closeSync, constants, openSync, readSync } from "node:fs";

/** What a file begins with that is executed by itself: ELF, and Mach-O of either width. */
const BINARIES = ["7f454c46", "cffaedfe", "cefaedfe", "cafebabe"];
const HEAD_BYTES = 256; // as much of a `#!` line as Linux looks at
const INTERPRETERS_MAX = 5;

/** ENOEXEC, or what is wrong with the file; null: nothing that can be seen. */
export function executableFailure(file: string): string | null {
  let path = file;
  try {
    for (let depth = 0; depth < INTERPRETERS_MAX; depth += 1) {
      accessSync(path, constants.X_OK);
      const head = headOf(path);
      if (BINARIES.includes(head.toString("hex", 0, 4))) return null;
      const [, interpreter] = /^#![ \t]*([^ \t\n\0]+)/u.exec(head.toString("latin1")) ?? [];
      if (interpreter === undefined) return "ENOEXEC";
      path = interpreter;
    }
    return "ELOOP";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "EINVAL";
  }
}

function headOf(path: string): Buffer {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    // Who may not read a program may still run it: it can only be a binary.
    if ((error as NodeJS.ErrnoException).code === "EACCES") return Buffer.from(BINARIES[0]!, "hex");
    throw error;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}

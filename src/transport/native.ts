// The C library, called through koffi: an optional package. Without it, or on a system that is not
// Linux, `native()` is null, and who wanted it takes its plain way.
//
// A call costs 0.15 µs. Loading costs 8 ms, so that it happens when first needed, once a thread.
import { createRequire } from "node:module";
import type * as Koffi from "koffi";
import { ways } from "./ways.ts";

/** What is called. A failed call returns -1; `errno()` tells why. */
export interface Native {
  fcntl(fd: number, command: number, argument: number): number;
  errno(): number;
}

/** Numbers of Linux, the same on every architecture that Node runs on. */
export const F_DUPFD_CLOEXEC = 1030;

let loaded: Native | null | undefined;

export function native(): Native | null {
  if (!ways.native) return null;
  loaded ??= load();
  return loaded;
}

function load(): Native | null {
  if (process.platform !== "linux") return null;
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof Koffi;
    const libc = koffi.load(null);
    return {
      fcntl: libc.func("int fcntl(int, int, int)"),
      errno: () => koffi.errno(),
    };
  } catch {
    // Not installed, not built for this machine, or a C library without these: all the same here.
    return null;
  }
}

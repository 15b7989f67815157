// A piece is written whole: the system may take a part of it at a time.
import type { PromptFiles } from "./prompt-files.ts";

/** Writes `piece` to `at`, as long as `goesOn` says so. Throws as the system does. */
export async function writeAll(
  prompt: PromptFiles,
  fd: number,
  piece: Uint8Array,
  at: number,
  goesOn: () => boolean,
): Promise<void> {
  for (let done = 0; done < piece.length && goesOn();) {
    const taken = await prompt.write(fd, piece, done, piece.length - done, at + done);
    done += some(taken);
  }
}

/** As `writeAll`, for as long as the system answers at once. Returns how many bytes that were. */
export function writeAtOnce(
  prompt: PromptFiles,
  fd: number,
  piece: Uint8Array,
  at: number,
): number {
  let done = 0;
  while (done < piece.length && prompt.mayWriteNow) {
    const taken = prompt.write(fd, piece, done, piece.length - done, at + done) as number;
    done += some(taken);
  }
  return done;
}

/** A system that takes nothing, and says no more, would be asked for ever. */
function some(taken: number): number {
  if (taken > 0) return taken;
  throw Object.assign(new Error("nothing was written"), { code: "EIO" });
}

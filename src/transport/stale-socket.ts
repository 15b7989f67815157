// A server that was killed leaves its unix socket's file behind, and then nobody can bind it. It is
// stale where the system refuses to connect; whatever else it says, somebody may be there.
import { lstatSync, statSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { inWords, ListenError, type UnixAddress } from "./address.ts";

/**
 * Makes way for a socket at `address`; false: somebody listens there. Throws a ListenError where
 * there can be none. `reach` is a shorter name of the same file, where its own is too long.
 */
export async function removeStaleSocket(
  address: UnixAddress,
  reach: string = address.path,
): Promise<boolean> {
  const { path } = address;
  try {
    statSync(dirname(path)); // the system's own answer would be that it may not be written to
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return true;
    if (!found.isSocket()) {
      throw new ListenError("EEXIST", `${path} exists and is not a socket: choose another path.`);
    }
    if ((await connectError(reach)) !== "ECONNREFUSED") return false;
    // Another server that starts now may have taken it over while we asked.
    const { ino, ctimeMs } = lstatSync(path);
    if (ino !== found.ino || ctimeMs !== found.ctimeMs) return false;
    unlinkSync(path);
    return true;
  } catch (error) {
    throw inWords(error as NodeJS.ErrnoException, address);
  }
}

/** The code of the error that connecting to `path` ends in; null where somebody answers. */
function connectError(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(null);
    });
    probe.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  });
}

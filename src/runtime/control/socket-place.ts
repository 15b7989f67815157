// Where the control socket is. A socket's address holds 107 bytes, a folder's path may be longer:
// then the way goes by a descriptor of the folder, which Linux shows as a path.
import { constants } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

const SOCKET_FILE = "control.sock";
// sun_path of unix(7), less the NUL behind it.
const ADDRESS_BYTES_MAX = 107;
const DESCRIPTORS = "/proc/self/fd";

export interface SocketPlace {
  /** What bind(2) and connect(2) take, as long as the place is not let go. */
  readonly address: string;
  letGo(): Promise<void>;
}

/** Where the control socket of `folder` is, or in words why nowhere. Throws as open(2) does. */
export async function socketPlace(
  folder: string,
  descriptors = DESCRIPTORS,
): Promise<SocketPlace | string> {
  const path = join(folder, SOCKET_FILE);
  if (Buffer.byteLength(path) <= ADDRESS_BYTES_MAX) {
    return { address: path, letGo: () => Promise.resolve() };
  }
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const short = join(descriptors, String(handle.fd));
  if (await leadsTo(short, handle)) {
    return { address: join(short, SOCKET_FILE), letGo: () => handle.close() };
  }
  await handle.close();
  return `the path ${path} is too long for a socket: name a shorter \`data\` folder`;
}

async function leadsTo(path: string, handle: FileHandle): Promise<boolean> {
  try {
    const [seen, meant] = await Promise.all([stat(path), handle.stat()]);
    return seen.dev === meant.dev && seen.ino === meant.ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false; // no /proc
    throw error;
  }
}

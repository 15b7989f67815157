// Where the sockets of a server's pools lie: in its data folder, which is its alone. Without one,
// or where its name is too long for a socket's address, among the temporary files.
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SOCKET_NAME_BYTES_MAX } from "./spec.ts";

/** Of a socket's address, without its last NUL (unix(7)). */
const ADDRESS_BYTES_MAX = 107;

/** A folder that is yet to be made. `data`: the server's own, if it has one. */
export function runFolder(data: string | undefined): string {
  const inData = data === undefined ? null : join(data, "run");
  const longest = ADDRESS_BYTES_MAX - SOCKET_NAME_BYTES_MAX - 1;
  if (inData !== null && Buffer.byteLength(inData) <= longest) return inData;
  return join(tmpdir(), `portico-${randomBytes(8).toString("hex")}`);
}

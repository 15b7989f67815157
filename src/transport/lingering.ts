// Sockets that were told all there is, and are kept open so that it arrives: closing one with
// unread bytes resets the connection, and the answer would be lost with it.
import type { Socket } from "node:net";

const LINGER_MS = 500;
// Refusing is for when there are too many: it must not take many descriptors itself.
export const LINGERING_MAX = 8;

const lingering = new Set<Socket>();

/** Closes `socket` soon, and the longest lingering one now if there are too many. */
export function linger(socket: Socket): void {
  lingering.add(socket);
  const late = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once("close", () => {
    clearTimeout(late);
    lingering.delete(socket);
  });
  if (lingering.size <= LINGERING_MAX) return;
  // Its descriptor is closed when this returns; the event comes later.
  for (const oldest of lingering) {
    lingering.delete(oldest);
    oldest.destroy();
    return;
  }
}

// What Node keeps of a stream's handle and does not document. Where it is not there the answer is
// the best that the documented side gives.
import type { Server, Socket } from "node:net";

/** Bytes handed to the loop, those of them still queued, and the descriptor (-1 on Windows). */
interface Handle {
  readonly bytesWritten: number;
  readonly writeQueueSize?: number;
  readonly fd?: number;
}

function handleOf(socket: Socket | Server): Handle | null | undefined {
  return (socket as { _handle?: Handle | null })._handle;
}

/**
 * Bytes of `writtenBytes` that the kernel has not taken. `queued`, the stream's own count, has a
 * write whole until all of it is done; the handle knows how much of it is left, so that a reader
 * which takes a little of a large write is seen to take something.
 */
export function unsentOf(socket: Socket, writtenBytes: number, queued: number): number {
  const handle = handleOf(socket);
  if (handle?.writeQueueSize === undefined) return queued;
  return writtenBytes - handle.bytesWritten + handle.writeQueueSize;
}

/** The descriptor below `socket`; -1: not known, or closed. */
export function descriptorOf(socket: Socket | Server): number {
  return handleOf(socket)?.fd ?? -1;
}

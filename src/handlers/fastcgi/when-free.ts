// Whether a process of a pool is done with a request that was given up, or its successor is there
// where it ended: it is asked something small on a new connection, which it answers when it comes
// to it. FastCGI's ABORT is heeded by few, and PHP sees that its client is gone when it writes.
import { encodeGetValues } from "../../protocol/index.ts";
import type { Connection, Connections, OutgoingSink } from "../../runtime/index.ts";

const QUESTION = encodeGetValues(["FCGI_MPXS_CONNS"]);

/**
 * Calls `onFree` when the process is free again, or is not to be had at all. One that is not after
 * `waitMs` is told of by `onHangs`, and waited for once more.
 */
export function whenFree(
  connections: Connections,
  waitMs: number,
  { onHangs, onFree }: { readonly onHangs: () => void; readonly onFree: () => void },
): void {
  let isOver = false;
  let late = setTimeout(() => {
    onHangs();
    late = setTimeout(over, waitMs);
  }, waitMs);
  const sink: OutgoingSink = {
    onBytes: () => {
      over();
      return true;
    },
    onClose: over,
  };
  const connection: Connection = connections.open(sink);
  connection.write(QUESTION);

  function over(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(late);
    connection.destroy();
    onFree();
  }
}

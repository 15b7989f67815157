// A thread's connections to one address, say a program's. One that a request is done with may serve
// the next:
//
//   open → a request → resting → rested → a request → …       until KEPT_MS after it was opened
//
// It rests until the loop has looked at all sockets once more, by which its end would be seen: a
// program that closes it behind its answer would lose a request that was written before. And it is
// kept for a short while only, as a child of php-fpm serves nobody else as long as its connection
// is open: where connections are more than children, all get their turn.
//
// Turns of the loop are not waited for but counted, as the loop does: who comes a little later
// finds that it has rested, and pays no turn of its own (2 µs of a request's 30).
import { performance } from "node:perf_hooks";
import { OutgoingSocket, type ListenAddress, type OutgoingSink } from "../../transport/index.ts";

const KEPT_MS = 100;
/** php-fpm with `pm.max_requests` ends a connection now and then, some time behind an answer. */
const NOT_KEPT_MS = 3_600_000;
/** In the second turn behind it the one between is over. */
const REST_TURNS = 2;

export class Connections {
  readonly #address: ListenAddress;
  readonly #keptMs: number;
  /** Who rests for longest first. */
  readonly #kept: Connection[] = [];
  #sweep: NodeJS.Timeout | null = null;
  /** When a peer ended one that it was asked to keep. */
  #endedMs = -Infinity;

  /** None serves a new request `keptMs` after it was opened. */
  constructor(address: ListenAddress, keptMs = KEPT_MS) {
    this.#address = address;
    this.#keptMs = keptMs;
  }

  /**
   * Whether a peer is to be asked to keep connections: not if it has ended one, as a request that
   * is written to the next while it does so would be lost.
   */
  get keeps(): boolean {
    return performance.now() - this.#endedMs > NOT_KEPT_MS;
  }

  /**
   * A connection that tells `sink` from now on: one that is kept, or a new one. Null: one rests
   * still, and may be taken in an immediate, to be told by `inImmediate`. No other is opened for as
   * long: there would be more than requests at once.
   */
  take(sink: OutgoingSink, inImmediate = false): Connection | null {
    // Immediates run behind the sockets of their turn.
    const openedMin = performance.now() - this.#keptMs;
    const givenMax = turn() - (inImmediate ? REST_TURNS - 1 : REST_TURNS);
    while (this.#kept.length > 0) {
      const connection = this.#kept[0]!;
      const isUsable = connection.isUsable(openedMin);
      if (isUsable && connection.givenAt > givenMax) return null;
      this.#kept.shift();
      if (isUsable) {
        connection.isKept = true;
        connection.sink = sink;
        return connection;
      }
      this.#drop(connection);
    }
    return this.open(sink);
  }

  /** A new connection. */
  open(sink: OutgoingSink): Connection {
    return new Connection(this.#address, sink);
  }

  /** `connection` ended in the middle of a request; if it was kept, perhaps before that came. */
  lost(connection: Connection): void {
    if (connection.isKept) this.#endedMs = performance.now();
  }

  /** Keeps `connection` for others. */
  give(connection: Connection): void {
    connection.rest(turn());
    this.#kept.push(connection);
    this.#sweep ??= setInterval(() => this.#closeOld(), this.#keptMs / 2).unref();
  }

  #closeOld(): void {
    const openedMin = performance.now() - this.#keptMs;
    let kept = 0;
    for (const connection of this.#kept) {
      if (connection.isUsable(openedMin)) this.#kept[kept++] = connection;
      else this.#drop(connection);
    }
    this.#kept.length = kept;
    if (kept > 0 || this.#sweep === null) return;
    clearInterval(this.#sweep);
    this.#sweep = null;
  }

  /** One that is over already was ended by its peer: nobody here has. */
  #drop(connection: Connection): void {
    if (connection.isOver) this.#endedMs = performance.now();
    else connection.destroy();
  }
}

/** Which turn of this thread's loop it is: 0.04 µs. */
function turn(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount;
}

export class Connection extends OutgoingSocket {
  /** It has served a request before. */
  isKept = false;
  /** In which turn of the loop it was given back. */
  givenAt = 0;
  readonly #openedMs = performance.now();
  readonly #nobody: OutgoingSink = {
    onBytes: () => {
      this.destroy(); // they would be taken for an answer
      return true;
    },
    onClose: () => {},
  };

  /** Nobody is told what comes; there is to come nothing. */
  rest(givenAt: number): void {
    this.givenAt = givenAt;
    this.sink = this.#nobody;
  }

  /** It is open, and was opened behind `openedMin`. */
  isUsable(openedMin: number): boolean {
    return !this.isOver && this.#openedMs > openedMin;
  }
}

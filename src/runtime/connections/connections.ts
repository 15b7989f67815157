// A thread's connections to one address, say a program's. One that a request is done with may serve
// the next:
//
//   open → a request → resting → idle → a request → …         until KEPT_MS after it was opened
//
// It rests for a turn of the loop, and who takes it gets it behind what else came in that turn, so
// that its end is seen: a program that closes it behind its answer would lose the request. Who
// comes while it rests waits for it, as a new one may wait behind it: a child of php-fpm serves
// nobody else as long as its connection is open. So it is kept for a short while only: where
// connections are more than children, all get their turn.
import { OutgoingSocket, type ListenAddress, type OutgoingSink } from "../../transport/index.ts";

const KEPT_MS = 100;
/** php-fpm with `pm.max_requests` ends a connection now and then, some time behind an answer. */
const NOT_KEPT_MS = 3_600_000;

/** Who wants a connection, and is told what comes on it. */
export interface Taker extends OutgoingSink {
  /** Once: at once where none is kept, else within two turns of the loop. */
  onConnection(connection: Connection): void;
}

interface Kept {
  readonly connection: Connection;
  readonly onRested: () => void;
}

export class Connections {
  readonly #address: ListenAddress;
  readonly #idle: Connection[] = [];
  #resting: Kept[] = [];
  #given: Kept[] = [];
  /** No more than there are connections that are kept. */
  #takers: Taker[] = [];
  #isTurning = false;
  #sweep: NodeJS.Timeout | null = null;
  /** When a peer ended one that it was asked to keep. */
  #endedMs = -Infinity;

  constructor(address: ListenAddress) {
    this.#address = address;
  }

  /**
   * Whether a peer is to be asked to keep connections: not if it has ended one, as a request that
   * is written to the next while it does so would be lost.
   */
  get keeps(): boolean {
    return performance.now() - this.#endedMs > NOT_KEPT_MS;
  }

  /** Has `taker` get a connection: one that is kept, or a new one. */
  take(taker: Taker): void {
    const kept = this.#idle.length + this.#resting.length + this.#given.length;
    if (this.#takers.length >= kept) return taker.onConnection(this.open(taker));
    this.#takers.push(taker);
    this.#turnSoon();
  }

  /** A new connection. */
  open(sink: OutgoingSink): Connection {
    return new Connection(this.#address, sink);
  }

  /** `connection` ended in the middle of a request; if it was kept, perhaps before that came. */
  lost(connection: Connection): void {
    if (connection.isKept) this.#endedMs = performance.now();
  }

  /** Keeps `connection` for others; `onRested` is called when it may be taken, or is gone. */
  give(connection: Connection, onRested: () => void): void {
    connection.rest();
    this.#given.push({ connection, onRested });
    this.#turnSoon();
  }

  #turnSoon(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    setImmediate(() => this.#turn());
  }

  // An immediate runs behind the sockets of its own turn. What was given in it has still to be
  // looked at, which the second one finds done.
  #turn(): void {
    const rested = this.#resting;
    this.#resting = this.#given;
    this.#given = [];
    for (const { connection } of rested) this.#keep(connection);
    const takers = this.#takers;
    this.#takers = [];
    for (const taker of takers) this.#serve(taker);
    for (const { onRested } of rested) onRested();
    this.#isTurning = false;
    const isNext = this.#resting.length + this.#given.length + this.#takers.length > 0;
    if (isNext) this.#turnSoon();
  }

  #serve(taker: Taker): void {
    const kept = this.#takeIdle();
    if (kept !== null) {
      kept.isKept = true;
      kept.sink = taker;
      taker.onConnection(kept);
    } else if (this.#takers.length < this.#resting.length) this.#takers.push(taker);
    else taker.onConnection(this.open(taker));
  }

  #takeIdle(): Connection | null {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      if (this.#isUsable(kept)) return kept;
    }
    return null;
  }

  #keep(connection: Connection): void {
    if (!this.#isUsable(connection)) return;
    this.#idle.push(connection);
    this.#sweep ??= setInterval(() => this.#closeOld(), KEPT_MS / 2).unref();
  }

  #closeOld(): void {
    let kept = 0;
    for (const connection of this.#idle) {
      if (this.#isUsable(connection)) this.#idle[kept++] = connection;
    }
    this.#idle.length = kept;
    if (kept > 0 || this.#sweep === null) return;
    clearInterval(this.#sweep);
    this.#sweep = null;
  }

  /** What is not is destroyed. */
  #isUsable(connection: Connection): boolean {
    if (connection.isOver) this.#endedMs = performance.now(); // nobody here has
    else if (connection.isYoung) return true;
    connection.destroy();
    return false;
  }
}

export class Connection extends OutgoingSocket {
  /** It has served a request before. */
  isKept = false;
  readonly #openedMs = performance.now();
  readonly #nobody: OutgoingSink = {
    onBytes: () => {
      this.destroy(); // they would be taken for an answer
      return true;
    },
    onClose: () => {},
  };

  /** Nobody is told what comes; there is to come nothing. */
  rest(): void {
    this.sink = this.#nobody;
  }

  get isYoung(): boolean {
    return performance.now() - this.#openedMs < KEPT_MS;
  }
}

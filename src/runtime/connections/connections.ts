// A thread's connections to one address, say a program's. One that a request is done with may serve
// the next:
//
//   open → a request → resting → idle → a request → …         until KEPT_MS after it was opened
//
// It rests for a turn of the loop, in which its end would be seen: a program that closes it behind
// its answer would lose a request that was written before. And it is kept for a short while only,
// as a child of php-fpm serves nobody else as long as its connection is open: where connections are
// more than children, all get their turn.
import { OutgoingSocket, type ListenAddress, type OutgoingSink } from "../../transport/index.ts";

const KEPT_MS = 100;

interface Kept {
  readonly connection: Connection;
  readonly onRested: () => void;
}

export class Connections {
  readonly #address: ListenAddress;
  readonly #idle: Connection[] = [];
  #resting: Kept[] = [];
  #given: Kept[] = [];
  #isTurning = false;
  #sweep: NodeJS.Timeout | null = null;

  constructor(address: ListenAddress) {
    this.#address = address;
  }

  /** A connection that tells `sink` from now on: one that is kept, or a new one. */
  take(sink: OutgoingSink): Connection {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      if (kept.isUsable) {
        kept.sink = sink;
        return kept;
      }
      kept.destroy();
    }
    return this.open(sink);
  }

  /** A new connection. */
  open(sink: OutgoingSink): Connection {
    return new Connection(this.#address, sink);
  }

  /** Keeps `connection` for others; `onRested` is called when it may be taken, or is gone. */
  give(connection: Connection, onRested: () => void): void {
    connection.rest();
    this.#given.push({ connection, onRested });
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
    if (this.#resting.length > 0) setImmediate(() => this.#turn());
    else this.#isTurning = false;
    for (const { connection, onRested } of rested) {
      if (connection.isUsable) this.#keep(connection);
      else connection.destroy();
      onRested();
    }
  }

  #keep(connection: Connection): void {
    this.#idle.push(connection);
    this.#sweep ??= setInterval(() => this.#closeOld(), KEPT_MS / 2).unref();
  }

  #closeOld(): void {
    let kept = 0;
    for (const connection of this.#idle) {
      if (connection.isUsable) this.#idle[kept++] = connection;
      else connection.destroy();
    }
    this.#idle.length = kept;
    if (kept > 0 || this.#sweep === null) return;
    clearInterval(this.#sweep);
    this.#sweep = null;
  }
}

export class Connection extends OutgoingSocket {
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

  get isUsable(): boolean {
    return !this.isOver && performance.now() - this.#openedMs < KEPT_MS;
  }
}

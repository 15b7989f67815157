// What comes in on one connection, on its way to the parser. A byte is looked at only when somebody
// can use it; what came before that is held, bounded, with the socket read on so far that a client
// which leaves is noticed.
import type { RequestParser } from "../../protocol/index.ts";
import type { SocketSink, StreamSocket } from "../../transport/index.ts";

// Beyond this the socket is not read.
const HELD_BYTES_MAX = 64 * 1024;

/** Who decides what may be parsed, and is told what became of it. */
export interface InputOwner {
  /** Whether somebody can use the next byte. */
  mayParse(): boolean;
  /** Whether more is to be held than came in one read, to notice that a client leaves. */
  readsAhead(): boolean;
  /** What came was looked at, as far as it may be now. */
  onFed(): void;
  /** The peer sends no more, and all it sent was looked at. */
  onInputDone(): void;
}

/** Who has what comes, where the parser has it no more. */
type Taker = Pick<SocketSink, "onBytes" | "onInputEnd">;

export class Input {
  readonly #socket: StreamSocket;
  readonly #parser: RequestParser;
  readonly #owner: InputOwner;
  #held: Uint8Array | null = null;
  #parsing = false;
  #reading = true;
  #ended = false;
  #dropping = false;
  #taker: Taker | null = null;

  constructor(socket: StreamSocket, parser: RequestParser, owner: InputOwner) {
    this.#socket = socket;
    this.#parser = parser;
    this.#owner = owner;
  }

  /** Bytes came that nobody could use yet. */
  get isHolding(): boolean {
    return this.#held !== null;
  }

  /** The peer sends no more, whether all it sent was looked at or not. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** The parser is being fed at this moment: what it makes possible needs no `goOn`. */
  get isParsing(): boolean {
    return this.#parsing;
  }

  /** Bytes from the socket, which may be overwritten once this returns. */
  take(chunk: Uint8Array): void {
    if (this.#dropping) return;
    if (this.#held === null) this.#feed(chunk, false);
    else this.#feed(Buffer.concat([this.#held, chunk]), true);
  }

  /** The peer sends no more. */
  end(): void {
    this.#ended = true;
    if (this.#held === null && !this.#dropping) this.#owner.onInputDone();
  }

  /** Goes on with what is held, or with the socket, when something became possible again. */
  goOn(): void {
    if (this.#parsing || !this.#owner.mayParse()) return;
    if (this.#held !== null) this.#feed(this.#held, true);
    else if (this.#ended) this.#owner.onInputDone();
    else this.#read(true);
  }

  /** From now on what comes is read and dropped. */
  drop(): void {
    this.#dropping = true;
    this.#held = null;
    this.#read(true);
  }

  /** What comes from now on is `taker`'s; what came and was not parsed is told it first. */
  handTo(taker: Taker): void {
    this.#taker = taker;
    if (!this.#parsing) this.#handOver(this.#held, taker);
  }

  #handOver(bytes: Uint8Array | null, taker: Taker): void {
    this.#held = null;
    this.#read(true);
    if (bytes !== null && bytes.length > 0) taker.onBytes(bytes);
    if (this.#ended) taker.onInputEnd();
  }

  #feed(bytes: Uint8Array, isOurs: boolean): void {
    this.#held = null;
    this.#parsing = true;
    let at = 0;
    while (at < bytes.length && this.#owner.mayParse()) {
      // Mostly it is one request: a view of all of it would cost 0.05 µs.
      at += this.#parser.feed(at === 0 ? bytes : bytes.subarray(at));
    }
    this.#parsing = false;
    if (this.#taker !== null) {
      this.#handOver(bytes.subarray(at), this.#taker);
      return;
    }
    if (at < bytes.length && !this.#dropping) {
      this.#held = isOurs ? bytes.subarray(at) : Buffer.from(bytes.subarray(at));
    }
    this.#owner.onFed();
    if (this.#dropping) return;
    this.#read(this.#held === null || this.#owner.mayParse() || this.#mayHoldMore(this.#held));
    if (this.#ended && this.#held === null) this.#owner.onInputDone();
  }

  // What is held is copied, and copied again where it is wanted.
  #mayHoldMore(held: Uint8Array): boolean {
    return held.length < HELD_BYTES_MAX && this.#owner.readsAhead();
  }

  #read(wanted: boolean): void {
    if (wanted === this.#reading) return;
    this.#reading = wanted;
    if (wanted) this.#socket.resume();
    else this.#socket.pause();
  }
}

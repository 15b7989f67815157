// A body that is pushed where a ByteStream is pulled: for answers that say something now and then,
// to thousands of clients at once. While nothing is said it costs no iterator and no promise that
// waits, and what is said to all is made once.

/** Bytes for many: how the driver frames them is kept with them. */
export class PushPiece {
  readonly bytes: Uint8Array;
  /** The driver's own: what it made of them when they were written before. */
  framed: Uint8Array | null = null;

  constructor(bytes: Uint8Array) {
    if (bytes.length === 0) throw new RangeError("a piece has bytes: none would end the body");
    this.bytes = bytes;
  }
}

/** One answer under way, for whoever pushes into it. */
export interface PushTarget {
  /**
   * Sends `piece` at once. False: it is over, as the client is gone, or is cut since it does not
   * read: no more than 256 KiB wait for it.
   */
  write(piece: PushPiece): boolean;
  /** Ends the body as it is to end. */
  end(): void;
}

/** Who pushes, as far as the driver knows. */
export interface PushSource {
  /** Nobody takes more: told once, unless `end` was called. */
  onGone(): void;
  /** The server stops: to end the body now lets the client come again, to another. */
  onShutdown(): void;
}

/** A body whose pieces are pushed, chunked where HTTP/1.1 needs it. */
export class PushStream {
  readonly length = null;
  /** Called once, when the head is written; not for answers that are sent without a body. */
  readonly start: (target: PushTarget) => PushSource;

  constructor(start: (target: PushTarget) => PushSource) {
    this.start = start;
  }
}

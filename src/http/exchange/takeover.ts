// A connection that stops to speak HTTP (RFC 9110 §7.8): from the answer's head on it is a tunnel
// of bytes, and whoever answered has it. What carries the tunnel, a connection or a stream of one,
// is the driver's to know.

/** Bytes both ways, with the client of one request. */
export interface Tunnel {
  /** Bytes that were written and that the client's side of the network has not taken yet. */
  readonly unsentBytes: number;
  /** The client must read before more is written: `onDrain` says when. */
  readonly blocked: boolean;
  /**
   * Sends `pieces`, of which those over 64 KiB must not change any more. What is written at once,
   * or within `onBytes`, leaves together. False: it is `blocked`.
   */
  write(...pieces: readonly Uint8Array[]): boolean;
  /** Reads no more until `resume`. */
  pause(): void;
  resume(): void;
  /** Calls `onWake` in `ms`, once; what was asked for before is forgotten. */
  wake(ms: number): void;
  /** Says that no more is written, and closes behind what was. What still comes is dropped. */
  end(): void;
  /** Closes at once; what is unsent is lost. */
  destroy(): void;
}

/** Takes what a tunnel has to tell. */
export interface TunnelSink {
  /** `chunk` may be overwritten once this returns: copy what is kept. */
  onBytes(chunk: Uint8Array): void;
  /** The client sends no more. */
  onInputEnd(): void;
  onDrain(): void;
  onWake(): void;
  /** The server stops: say goodbye. It is cut when the time for that is over. */
  onShutdown(): void;
  /** Nothing comes or goes any more. Always the last call. */
  onClose(): void;
}

/** The body of a 101: whose the connection is from then on. */
export class Takeover {
  readonly length = 0;
  /** Called once, behind the head. Never, where the answer is not written: then `refused` is. */
  readonly start: (tunnel: Tunnel) => TunnelSink;
  readonly refused: () => void;

  constructor(start: (tunnel: Tunnel) => TunnelSink, refused: () => void) {
    this.start = start;
    this.refused = refused;
  }
}

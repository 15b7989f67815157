/** What an engine did so far. They only grow. */
export interface EngineCounters {
  /** Connections taken, and turned away. */
  accepted: number;
  refused: number;
  /** Requests, those that could not be read among them. */
  requests: number;
  /** Content of answers that was handed to sockets, without heads and chunk framing. */
  sentBytes: number;
  /** Content of requests that was read, likewise. */
  receivedBytes: number;
}

export function newCounters(): EngineCounters {
  return { accepted: 0, refused: 0, requests: 0, sentBytes: 0, receivedBytes: 0 };
}

// Both ends of real connections: a test's on one side, the transport's on the other.
import { listen, type SocketSink, type StreamSocket } from "../transport/index.ts";
import { RawConnection } from "./raw-connection.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Notes what a socket tells. */
export class SocketNotes implements SocketSink {
  readonly socket: StreamSocket;
  received = "";
  readonly told: string[] = [];
  onNext: () => void = () => undefined;
  /** Where the next bytes may be read to. */
  place: Uint8Array | null = null;

  constructor(socket: StreamSocket) {
    this.socket = socket;
    socket.attach(this);
  }

  onBytes(chunk: Uint8Array): void {
    this.received += Buffer.from(chunk).toString("latin1");
    this.onNext();
  }

  room(): Uint8Array | null {
    return this.place;
  }

  onInputEnd(): void {
    this.told.push("inputEnd");
    this.onNext();
  }

  onDrain(): void {
    this.told.push("drain");
    this.onNext();
  }

  onClose(): void {
    this.told.push("close");
    this.onNext();
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (this.onNext = resolve));
  }
}

export interface SocketPair {
  readonly notes: SocketNotes;
  readonly client: RawConnection;
}

/** Lends `use` both ends of so many connections. */
export async function withSocketPairs(
  count: number,
  use: (pairs: SocketPair[]) => Promise<void>,
): Promise<void> {
  const taken: SocketNotes[] = [];
  const address = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  const listener = await listen(address, (socket) => taken.push(new SocketNotes(socket)));
  const pairs: SocketPair[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const client = await RawConnection.open(listener.port);
      while (taken.length <= index) await turn();
      pairs.push({ client, notes: taken[index]! });
    }
    await use(pairs);
  } finally {
    for (const { client } of pairs) client.close();
    for (const { socket } of taken) socket.destroy();
    await listener.close();
  }
}

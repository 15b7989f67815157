// What one worker listens on, by the keys of the server's doorways.
import { listen, type Listener, type StreamSocket } from "../transport/index.ts";
import type { Order } from "./orders.ts";

export class WorkerListeners {
  readonly #onSocket: (socket: StreamSocket) => void;
  readonly #open = new Map<string, Listener>();

  constructor(onSocket: (socket: StreamSocket) => void) {
    this.#onSocket = onSocket;
  }

  carryOut(order: Order & { kind: "listen" | "unlisten" | "lend" }): unknown {
    if (order.kind === "listen") return this.#listen(order);
    if (order.kind === "unlisten") return this.#unlisten(order.key);
    return this.#open.get(order.key)?.duplicate() ?? null;
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#open.values(), (listener) => listener.close()));
  }

  async #listen({ key, address, descriptor }: Order & { kind: "listen" }): Promise<void> {
    const how = descriptor === null ? { reusePort: address.kind === "tcp" } : { descriptor };
    this.#open.set(key, await listen(address, this.#onSocket, how));
  }

  async #unlisten(key: string): Promise<void> {
    const listener = this.#open.get(key);
    this.#open.delete(key);
    await listener?.close();
  }
}

// The HTTP engine: its connections, and what they share. Settings may be exchanged while it runs:
// requests under way keep theirs, the next ones get the new.
import { randomBytes } from "node:crypto";
import type { StreamSocket } from "../../transport/index.ts";
import { Http1Connection } from "./connection.ts";
import { DateLine } from "./date-line.ts";
import type { EngineParts, EngineSettings } from "./settings.ts";

export class Engine {
  readonly parts: EngineParts;
  readonly date: DateLine;
  settings: EngineSettings;
  readonly #connections = new Map<Http1Connection, () => void>();
  readonly #idPrefix = randomBytes(5).toString("hex");
  #ids = 0;
  #whenEmpty: (() => void) | null = null;

  constructor(parts: EngineParts, settings: EngineSettings) {
    this.parts = parts;
    this.settings = settings;
    this.date = new DateLine(parts.clock);
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Serves HTTP on `socket`; `onClosed` is called once when it is gone. */
  accept(socket: StreamSocket, secure: boolean, onClosed: () => void): void {
    this.#connections.set(new Http1Connection(this, socket, secure), onClosed);
  }

  /** A fresh request id: unique in this process, and most likely elsewhere. */
  nextId(): string {
    this.#ids += 1;
    return `${this.#idPrefix}-${this.#ids.toString(36)}`;
  }

  /** Idle connections end now, the others behind their answer. Resolves when all are gone. */
  async drain(): Promise<void> {
    for (const connection of this.#connections.keys()) connection.drain();
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const connection of this.#connections.keys()) connection.destroy();
  }

  /** For connections alone: `connection` is gone. */
  left(connection: Http1Connection): void {
    this.#connections.get(connection)?.();
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }
}

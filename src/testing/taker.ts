// Who takes a connection over, for tests of the engine.
import {
  Reply,
  Takeover,
  type Handler,
  type Tunnel,
  type TunnelSink,
} from "../http/exchange/index.ts";

type Does = Readonly<Record<string, (tunnel: Tunnel, bytes: Uint8Array) => void>>;

/** Takes "/" over; notes what it is told, and does what it was given for that. */
export class Taker implements TunnelSink {
  readonly told: string[] = [];
  received = "";
  refused = 0;
  tunnel: Tunnel | null = null;
  readonly #does: Does;

  constructor(does: Does = {}) {
    this.#does = does;
  }

  get handler(): Handler {
    const start = (tunnel: Tunnel): TunnelSink => {
      this.tunnel = tunnel;
      this.#note("start");
      return this;
    };
    return ({ path }) => {
      if (path !== "/") return new Reply(200, [], Buffer.from(path));
      return new Reply(101, [["Upgrade", "echo"]], new Takeover(start, () => (this.refused += 1)));
    };
  }

  onBytes(chunk: Uint8Array): void {
    this.received += Buffer.from(chunk).toString("latin1");
    this.#does["bytes"]?.(this.tunnel!, chunk);
  }

  onInputEnd(): void {
    this.#note("inputEnd");
  }

  onDrain(): void {
    this.#note("drain");
  }

  onWake(): void {
    this.#note("wake");
  }

  onShutdown(): void {
    this.#note("shutdown");
  }

  onClose(): void {
    this.#note("close");
  }

  #note(what: string): void {
    this.told.push(what);
    this.#does[what]?.(this.tunnel!, new Uint8Array());
  }
}

// A connection behind a 101: the codec is gone, bytes go straight to whoever took it over and back.
// What stays the engine's: it is counted, ends where the engine ends, is told to the access log at
// its end, and a client that takes nothing is cut (output.ts). How long it may say nothing is for
// whoever took it to decide.
import { Deadline } from "../../runtime/index.ts";
import type { SocketSink, StreamSocket } from "../../transport/index.ts";
import type { Takeover, Tunnel, TunnelSink } from "../exchange/index.ts";
import type { Engine } from "./engine.ts";
import type { Input } from "./input.ts";
import type { Output, OutputOwner } from "./output.ts";
import { GOODBYE_MS } from "./read-clock.ts";
import type { EngineSettings } from "./settings.ts";
import type { Turn } from "./turn.ts";

export class TakenConnection implements SocketSink, OutputOwner, Tunnel {
  readonly #engine: Engine;
  readonly #socket: StreamSocket;
  readonly #output: Output;
  readonly #turn: Turn;
  readonly #deadline = new Deadline(() => this.#onDeadline());
  #sink: TunnelSink | null = null; // until it has ended
  #writtenBytes = 0;
  #telling = false; // what is written meanwhile leaves behind it
  #ended = false; // nothing more is said
  #closed = false;

  /** `output` holds the head of the answer that `turn` is about. */
  constructor(engine: Engine, socket: StreamSocket, output: Output, turn: Turn) {
    this.#engine = engine;
    this.#socket = socket;
    this.#output = output;
    this.#turn = turn;
    output.handTo(this);
    socket.handTo(this);
  }

  get settings(): EngineSettings {
    return this.#turn.settings;
  }

  /** `input` holds what came behind the request already. */
  begin({ start }: Takeover, input: Input): void {
    try {
      const sink = start(this);
      if (!this.#ended) this.#sink = sink;
    } catch (error) {
      this.#turn.broken(error);
      this.destroy();
    }
    this.#output.flush();
    input.handTo(this);
  }

  // ── the tunnel's side ────────────────────────────────────────────────────────────────────────

  get unsentBytes(): number {
    return this.#output.unsentBytes;
  }

  get blocked(): boolean {
    return this.#output.blocked;
  }

  write(...pieces: readonly Uint8Array[]): boolean {
    for (const bytes of pieces) {
      this.#writtenBytes += bytes.length;
      this.#output.push(bytes);
    }
    if (!this.#telling) this.#output.flush();
    return !this.blocked;
  }

  pause(): void {
    if (!this.#ended) this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  wake(ms: number): void {
    if (!this.#ended) this.#schedule(ms);
  }

  /** As behind the last answer of HTTP: what comes is read on a little, so that the end arrives. */
  end(): void {
    if (this.#ended) return;
    this.#output.flush();
    this.#socket.end();
    this.#socket.resume();
    this.#schedule(GOODBYE_MS);
    this.#leave();
  }

  destroy(): void {
    this.#socket.destroy();
    this.onClose();
  }

  // ── the engine's and the socket's side ───────────────────────────────────────────────────────

  drain(): void {
    this.#tell((sink) => sink.onShutdown());
  }

  onBytes(chunk: Uint8Array): void {
    this.#engine.counters.receivedBytes += chunk.length;
    this.#tell((sink) => sink.onBytes(chunk));
  }

  room(): null {
    return null;
  }

  onInputEnd(): void {
    this.#tell((sink) => sink.onInputEnd());
  }

  onDrain(): void {
    this.#output.drained();
    this.#tell((sink) => sink.onDrain());
  }

  onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#output.close();
    this.#engine.parts.wheel.cancel(this.#deadline);
    this.#leave();
    this.#turn.leave();
    this.#turn.finish(this.#writtenBytes);
    this.#engine.left(this);
  }

  #onDeadline(): void {
    if (!this.#ended) this.#tell((sink) => sink.onWake());
    // A reader that still takes what was said last is the output's to judge.
    else if (this.#output.unsentBytes > 0) this.#schedule(GOODBYE_MS);
    else this.destroy();
  }

  #schedule(ms: number): void {
    const { wheel } = this.#engine.parts;
    wheel.cancel(this.#deadline);
    wheel.schedule(this.#deadline, ms);
  }

  #leave(): void {
    if (this.#ended) return;
    this.#ended = true;
    const sink = this.#sink;
    this.#sink = null;
    try {
      sink?.onClose();
    } catch (error) {
      this.#turn.broken(error);
    }
  }

  /** What breaks in it is our bug, and the end of this connection alone. */
  #tell(what: (sink: TunnelSink) => void): void {
    if (this.#sink === null) return;
    this.#telling = true;
    try {
      what(this.#sink);
    } catch (error) {
      this.#turn.broken(error);
      this.destroy();
    }
    this.#telling = false;
    this.#output.flush();
  }
}

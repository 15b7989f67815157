// The answer that events are pushed into. Whoever looks at its body, as a framework does that makes
// an answer of its own of it, finds a stream of the same events.
import type { PushPiece, PushStream, PushTarget } from "../../../http/exchange/index.ts";
import { DirectResponse } from "../direct/index.ts";

const HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  // nginx before us would keep events until it has 4 KiB of them.
  "X-Accel-Buffering": "no",
};

// A reader who does not read is left behind this.
const QUEUED_BYTES_MAX = 256 * 1024;

export class EventsResponse extends DirectResponse {
  constructor(stream: PushStream) {
    super(200, stream, HEADERS);
    let body: ReadableStream<Uint8Array> | null = null;
    Object.defineProperty(this, "body", { get: () => (body ??= readableOf(stream)) });
  }
}

function readableOf(stream: PushStream): ReadableStream<Uint8Array> {
  let leave = (): void => undefined;
  const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const source = stream.start(new StreamTarget(controller, () => leave()));
    leave = () => source.onGone();
  };
  const strategy = { highWaterMark: QUEUED_BYTES_MAX, size: (bytes?: Uint8Array) => bytes!.length };
  return new ReadableStream({ start, cancel: () => leave() }, strategy);
}

class StreamTarget implements PushTarget {
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #leave: () => void;
  #ended = false;

  constructor(controller: ReadableStreamDefaultController<Uint8Array>, leave: () => void) {
    this.#controller = controller;
    this.#leave = leave;
  }

  write({ bytes }: PushPiece): boolean {
    if (this.#ended) return false;
    if ((this.#controller.desiredSize ?? 0) < 0) {
      this.#ended = true;
      this.#controller.error(new Error("events were not read"));
      this.#leave();
      return false;
    }
    this.#controller.enqueue(bytes);
    return true;
  }

  end(): void {
    if (!this.#ended) this.#controller.close();
    this.#ended = true;
  }
}

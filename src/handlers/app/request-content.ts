// A request's body as apps read it: whole (`text()`, `json()`), straight from what came, or as a
// stream, of which nothing is taken from the client before it is asked for.
import { Failure } from "../../base/failure.ts";
import type { Exchange, RequestBody } from "../../http/exchange/index.ts";
import { isDisturbed, NativeResponse } from "./native-web.ts";
import { AppRefused } from "./app-refused.ts";
import { isBodyTaken, takeBody } from "./body-reader.ts";

export class RequestContent {
  readonly #exchange: Exchange;
  #stream: ReadableStream<Uint8Array> | null = null;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Somebody has read of it. */
  get used(): boolean {
    return isBodyTaken(this.#exchange) || (this.#stream !== null && isDisturbed(this.#stream));
  }

  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= streamOf(this.#exchange);
    return this.#stream;
  }

  /** All of it. Rejects with a AppRefused, or a TypeError where somebody has read of it. */
  async bytes(): Promise<Uint8Array> {
    if (this.used || this.#stream?.locked === true) {
      throw new TypeError("the request's body has been read already");
    }
    if (this.#stream !== null) return new NativeResponse(this.#stream).bytes();
    takeBody(this.#exchange);
    return gather(this.#exchange.body);
  }
}

async function gather(body: RequestBody): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one reader, piece by piece
    const piece = await body.read();
    if (piece instanceof Failure) throw new AppRefused(piece);
    if (piece === null) break;
    pieces.push(piece);
    length += piece.length;
  }
  if (pieces.length === 1) return own(pieces[0]!);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

// What is enqueued is transferred with the memory around it, and small pieces share theirs with
// others. To an app a Buffer is none either: its `slice` is not the one of other arrays.
function own(piece: Uint8Array): Uint8Array {
  const { buffer, byteLength, byteOffset } = piece;
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== byteLength) {
    return new Uint8Array(piece);
  }
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function streamOf(exchange: Exchange): ReadableStream<Uint8Array> {
  const { body } = exchange;
  let isBegun = false;
  return new ReadableStream({
    type: "bytes",
    start: (controller) => {
      if (isBodyTaken(exchange)) controller.close();
    },
    pull: async (controller) => {
      if (!isBegun) takeBody(exchange);
      isBegun = true;
      const piece = await body.read();
      if (piece instanceof Failure) controller.error(new AppRefused(piece));
      else if (piece !== null) controller.enqueue(own(piece) as Uint8Array<ArrayBuffer>);
      else {
        controller.close();
        controller.byobRequest?.respond(0);
      }
    },
  });
}

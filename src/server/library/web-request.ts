// A Request of the web as an exchange: what the engine makes of bytes, without a connection.
import { Failure } from "../../base/failure.ts";
import {
  Exchange,
  type Arrival,
  type Handler,
  type RequestBody,
} from "../../http/exchange/index.ts";
import { HeaderFields } from "../../http/header-fields.ts";
import { readAsked } from "../../protocol/index.ts";

/** Whom a request without a connection seems to come from. No address is listened on, either. */
const CONNECTION = {
  remoteAddress: "127.0.0.1",
  remotePort: 0,
  localAddress: "127.0.0.1",
  localPort: 0,
};

export interface WebArrival {
  readonly id: string;
  readonly receivedMs: number;
  readonly bodyBytesMax: number;
}

/** What comes of `request`. A Failure where no server would take it. */
export function exchangeOfWeb(
  request: Request,
  { id, receivedMs, bodyBytesMax }: WebArrival,
  client: WebClient,
  dispatch: Handler,
): Exchange | Failure {
  const url = new URL(request.url);
  const { method } = request;
  const target = url.pathname + url.search;
  const asked = readAsked(method, target, url.host);
  if (asked instanceof Failure) return asked;
  const arrival: Arrival = {
    body: new WebBody(request, bodyBytesMax),
    // Whatever host a test names is asked for on purpose: the loopback guard lets it pass.
    connection: { ...CONNECTION, unix: true, secure: url.protocol === "https:" },
    receivedMs,
    id,
    isAnswered: false, // deadlines are the engine's
    onGone: (listener) => client.onGone(listener),
  };
  const headers = new Headers(request.headers);
  headers.set("Host", url.host);
  const fields = new HeaderFields(headers);
  return new Exchange({ method, target, minorVersion: 1, fields }, asked, arrival, dispatch);
}

/** Whoever waits for the answer, until it is all there or nobody does any more. */
export class WebClient {
  #isGone = false;
  readonly #listeners: (() => void)[] = [];

  constructor(signal: AbortSignal) {
    if (signal.aborted) this.#isGone = true;
    else signal.addEventListener("abort", () => this.leave(), { once: true });
  }

  leave(): void {
    this.#isGone = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /** All that there was came: nobody is told any more. */
  satisfied(): void {
    this.#listeners.length = 0;
  }

  onGone(listener: () => void): void {
    if (this.#isGone) listener();
    else this.#listeners.push(listener);
  }
}

class WebBody implements RequestBody {
  readonly length: number | null;
  bytesMax: number;
  readonly readyBytes = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | null;
  #rest: Uint8Array | null = null;
  #received = 0;
  #failure: Failure | null = null;

  constructor({ body, headers }: Request, bytesMax: number) {
    const announced = headers.get("content-length");
    this.length = body === null ? 0 : announced === null ? null : Number(announced);
    this.bytesMax = bytesMax;
    this.#reader = body?.getReader() ?? null;
  }

  async read(): Promise<Uint8Array | null | Failure> {
    const rest = this.#rest;
    this.#rest = null;
    if (rest !== null) return rest;
    if (this.length !== null && this.length > this.bytesMax) {
      this.#failure ??= new Failure("bodyTooLarge", `${this.length} bytes announced`);
    }
    return this.#failure ?? this.#next();
  }

  async fill(into: Uint8Array): Promise<number | Failure> {
    let filled = 0;
    while (filled < into.length) {
      // oxlint-disable-next-line no-await-in-loop -- piece by piece
      const piece = await this.read();
      if (piece instanceof Failure) return piece;
      if (piece === null) break;
      const taken = piece.subarray(0, into.length - filled);
      into.set(taken, filled);
      filled += taken.length;
      if (taken.length < piece.length) this.#rest = piece.subarray(taken.length);
    }
    return filled;
  }

  async #next(): Promise<Uint8Array | null | Failure> {
    if (this.#reader === null) return null;
    try {
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#received += value.length;
      if (this.#received <= this.bytesMax) return value;
      this.#failure = new Failure("bodyTooLarge", `more than ${this.bytesMax} bytes`);
    } catch (error) {
      this.#failure = new Failure("bodyCut", (error as Error).message);
    }
    return this.#failure;
  }
}

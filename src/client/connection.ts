// One connection to a server, with one request on it at a time. While a body goes out, what comes
// in is looked at before each piece: a server that says no early (413) is heard, not talked down.
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { Failure, FieldList } from "../base/failure.ts";
import {
  encodeRequestHead,
  ResponseParser,
  type Http1ResponseHead,
  type ResponseSink,
} from "../protocol/index.ts";
import { IncomingAnswer, type Answer, type ContentTaker } from "./answer.ts";
import { abortedFailure } from "./connect.ts";
import { ClientFailure, errorInWords } from "./failure.ts";
import type { OutgoingBody } from "./outgoing.ts";

const HEADER_BYTES_MAX = 64 * 1024;

export interface ConnectionOptions {
  /** Neither side gets a byte through for so long: the end. */
  readonly idleTimeoutMs: number;
  /** How long `100 Continue` is waited for; many servers never say it. */
  readonly continueWaitMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface RequestToSend {
  readonly method: string;
  readonly target: string;
  readonly fields: FieldList;
  readonly body: OutgoingBody | null;
  /** `fields` have `Expect: 100-continue`. */
  readonly expectsContinue: boolean;
  readonly taker: ContentTaker | null;
  readonly onSent: (sentBytes: number) => void;
}

export class Connection implements ResponseSink {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #parser = new ResponseParser({ headerBytes: HEADER_BYTES_MAX }, this);
  readonly #onAbort = (): void => this.#fail(abortedFailure());
  #answer: IncomingAnswer | null = null;
  #failure: ClientFailure | null = null;
  #continued = false;
  #unsentBytes = 0; // of the whole request's body
  #inFlightBytes = 0; // of the piece that is on its way
  #heard = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setTimeout(options.idleTimeoutMs);
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#end());
    socket.on("error", (error) => this.#fail(cut(errorInWords(error))));
    socket.on("timeout", () => this.#fail(this.#idleFailure()));
    options.signal?.addEventListener("abort", this.#onAbort);
  }

  /** Whether another request may be sent. The server may still end it at any time. */
  get isOpen(): boolean {
    return this.#failure === null;
  }

  /** Whether the server said anything to the last request. */
  get wasHeard(): boolean {
    return this.#heard;
  }

  async request(request: RequestToSend): Promise<Answer | ClientFailure> {
    const { method, body } = request;
    const answer = new IncomingAnswer(request.taker);
    this.#answer = answer;
    this.#continued = this.#heard = false;
    this.#unsentBytes = body?.bytes ?? 0;
    this.#parser.expect(method);
    this.#socket.write(encodeRequestHead(request), "latin1");
    const stopped = body === null ? null : await this.#send(body, request);
    if (stopped !== null) this.#fail(stopped);
    await this.#until(() => answer.done || this.#failure !== null);
    this.#answer = null;
    if (!answer.done) return this.#failure!;
    if (!answer.keepAlive) this.close();
    return answer.answer();
  }

  /** Idempotent. */
  close(): void {
    this.#failure ??= cut("it was closed");
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#socket.destroy();
  }

  onInterim({ status }: Http1ResponseHead): void {
    if (status === 100) this.#continued = true;
  }

  onHead(head: Http1ResponseHead): void {
    this.#answer?.onHead(head, this.#unsentBytes > 0);
  }

  onContent(bytes: Uint8Array): void {
    this.#answer?.onContent(bytes);
  }

  onEnd(): void {
    this.#answer?.onEnd();
  }

  onViolation({ code }: Failure): void {
    if (code === "responseCut") this.#fail(cut("it ended before the answer was there"));
    else this.#fail(new ClientFailure("answerMalformed", `the answer is no HTTP/1.1 (${code})`));
  }

  /** Null, too, where the answer came first: it says why. */
  async #send(body: OutgoingBody, request: RequestToSend): Promise<ClientFailure | null> {
    if (request.expectsContinue) await this.#untilContinued();
    for (;;) {
      if (this.#isOver) return null;
      const piece = await body.next();
      if (piece instanceof ClientFailure) return piece;
      // A whole turn of the loop (the first immediate comes before sockets are looked at): what
      // came meanwhile is read before a write can meet a reset, which loses what was not read.
      await setImmediate();
      await setImmediate();
      await this.#until(() => this.#isOver || this.#inFlightBytes === 0);
      if (piece === null || this.#isOver) return null;
      this.#write(piece, body.bytes, request);
    }
  }

  #write(piece: Uint8Array, bodyBytes: number, { onSent }: RequestToSend): void {
    this.#inFlightBytes = piece.length;
    this.#socket.write(piece, (error) => {
      if (error) return; // "error" tells it
      this.#inFlightBytes = 0;
      this.#unsentBytes -= piece.length;
      onSent(bodyBytes - this.#unsentBytes);
      this.#wake();
    });
  }

  async #untilContinued(): Promise<void> {
    let waited = false;
    const late = setTimeout(() => {
      waited = true;
      this.#wake();
    }, this.#options.continueWaitMs);
    await this.#until(() => this.#continued || waited || this.#isOver);
    clearTimeout(late);
  }

  get #isOver(): boolean {
    return this.#failure !== null || this.#answer === null || this.#answer.begun;
  }

  #read(bytes: Buffer): void {
    this.#heard = true;
    for (let at = 0; at < bytes.length;) at += this.#parser.feed(bytes.subarray(at));
    this.#wake();
  }

  #end(): void {
    this.#parser.end();
    this.#fail(cut("the server closed it"));
  }

  /** The first failure counts; an answer that is complete already stays one. */
  #fail(failure: ClientFailure): void {
    if (this.#failure === null) {
      this.#failure = failure;
      this.close();
    }
    this.#wake();
  }

  #idleFailure(): ClientFailure {
    const seconds = this.#options.idleTimeoutMs / 1000;
    return new ClientFailure("timedOut", `nothing went to or from the server for ${seconds} s`);
  }

  /** One waiter at a time: `request`. Everything that may change `holds` wakes it. */
  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function cut(why: string): ClientFailure {
  return new ClientFailure("cut", `the connection was cut: ${why}`);
}

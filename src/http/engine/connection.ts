// One HTTP/1.1 connection: one request at a time, in order. What comes while a request is answered
// is held, bounded, so that a client that leaves is noticed; content is parsed only when it is
// wanted.
//
//   bytes → parser → onHead → exchange → dispatch → answer → writer → drain → next request
//
// Deadlines: `header` for a head under way, `keepAlive` between requests, `body` while content is
// awaited, `handler` while an answer's head is awaited and content is not; `write` is the output's.
import { Failure } from "../../base/failure.ts";
import { RequestParser, type Http1Head, type RequestSink } from "../../protocol/index.ts";
import type { SocketSink, StreamSocket } from "../../transport/index.ts";
import { Takeover, type Answer } from "../exchange/index.ts";
import { Facts } from "./connection-facts.ts";
import type { Engine } from "./engine.ts";
import { framingOf } from "./framing.ts";
import { HandlerClock, type HandlerClockOwner } from "./handler-clock.ts";
import { Input, type InputOwner } from "./input.ts";
import { openExchange } from "./intake.ts";
import { Output, type OutputOwner } from "./output.ts";
import { Pace } from "./pace.ts";
import { NO_BODY, bodyOf, type PulledBody, type BodySource } from "./pulled-body.ts";
import { ReadClock } from "./read-clock.ts";
import { ReplyWriter, type Written } from "./reply-writer.ts";
import type { EngineSettings } from "./settings.ts";
import { TakenConnection } from "./taken-connection.ts";
import { Turn, discard, type TurnOwner } from "./turn.ts";
import { UNWANTED_BYTES_MAX, Unwanted } from "./unwanted.ts";

type Codec = RequestSink & InputOwner & BodySource;
type Peers = SocketSink & Codec & OutputOwner & HandlerClockOwner & TurnOwner;

export class Http1Connection implements Peers {
  readonly #engine: Engine;
  readonly #socket: StreamSocket;
  readonly facts: Facts;
  readonly parser: RequestParser;
  readonly #input: Input;
  readonly #output: Output;
  readonly #writer: ReplyWriter;
  readonly #readClock: ReadClock;
  readonly #handlerClock: HandlerClock;
  readonly #bodyPace = new Pace();
  #turn: Turn | null = null;
  #requests = 0;
  readonly #unwanted = new Unwanted();
  #hasContent = false; // of the request that is read: its end is still to come
  #keepAlive = true;
  #closed = false;

  constructor(engine: Engine, socket: StreamSocket, secure: boolean) {
    const { clock, wheel } = engine.parts;
    this.#engine = engine;
    this.#socket = socket;
    this.facts = new Facts(socket, secure);
    this.parser = new RequestParser(engine.settings.limits, this, engine.memo);
    this.#input = new Input(socket, this.parser, this);
    this.#output = new Output(socket, engine, this);
    this.#writer = new ReplyWriter(this.#output);
    this.#readClock = new ReadClock(engine, () => this.#onReadDeadline());
    this.#handlerClock = new HandlerClock(clock, wheel, this);
    this.#readClock.await("firstHead");
    socket.attach(this);
  }

  get settings(): EngineSettings | undefined {
    return this.#turn?.settings;
  }

  /**
   * Ends the connection behind the answer under way, at once where there is none: `gently`, behind
   * the next. Half a head is no request yet: whoever sends it may send it elsewhere.
   */
  drain(gently: boolean): void {
    if (gently) {
      this.#requests = Infinity; // of which the next is the last
      return;
    }
    this.#keepAlive = false;
    this.#writer.pushing?.drain();
    const isIdle = this.#turn === null && !this.#unwanted.isDropping && !this.#input.isHolding;
    if (isIdle && !this.#lingering) this.#leave();
  }

  /** Ends it now, whatever is under way. */
  destroy(): void {
    if (this.#writer.endsByClose) this.#socket.reset();
    else this.#socket.destroy();
    this.onClose();
  }

  // ── the socket's side ────────────────────────────────────────────────────────────────────────

  onBytes(chunk: Uint8Array): void {
    if (!this.#closed) this.#input.take(chunk);
  }

  room(): Uint8Array | null {
    return this.#turn === null ? null : this.#turn.body.room;
  }

  onInputEnd(): void {
    if (this.#closed) return;
    this.#input.end();
    if (this.#turn?.isWatched === true) this.destroy();
  }

  onDrain(): void {
    this.#output.drained();
    this.#goOn();
    this.#awaitRequest();
  }

  onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    const turn = this.#turn;
    this.#turn = null;
    this.#output.close();
    this.#readClock.stop();
    this.#handlerClock.close();
    turn?.body.fail(new Failure("clientGone"));
    turn?.leave();
    turn?.finish(this.#writer.bodyBytes);
    this.#engine.left(this);
  }

  get #lingering(): boolean {
    return this.#readClock.awaited === "goodbye";
  }

  // ── the input's side ─────────────────────────────────────────────────────────────────────────

  mayParse(): boolean {
    if (this.#lingering || this.#closed || this.#output.blocked) return false;
    return this.#turn === null || this.#turn.body.wanted;
  }

  /** Whoever asked for content asks for more soon, or has what it wanted. */
  readsAhead(): boolean {
    return this.parser.step !== "body" || this.#turn?.body.asked !== true;
  }

  onFed(): void {
    this.#tellToGoOn();
    this.#output.flush();
    this.#awaitRequest();
  }

  /** An answer under way is finished first. */
  onInputDone(): void {
    if (this.#closed) return;
    if (this.#turn === null) {
      if (this.parser.step === "idle") this.#leave();
      else this.#finish();
    } else if (!this.#turn.body.complete) {
      this.#keepAlive = false;
      this.#turn.body.fail(new Failure("bodyCut"));
    }
  }

  #goOn(): void {
    this.#input.goOn();
    this.#tellToGoOn();
  }

  // ── the codec's side ─────────────────────────────────────────────────────────────────────────

  onHead(head: Http1Head): void {
    const { dispatch, limits } = this.#engine.settings;
    const turn = this.#begin(head, bodyOf(head, limits.bodyBytes, this));
    const exchange = openExchange(head, turn, dispatch);
    if (exchange instanceof Failure) {
      this.#answer(turn, exchange);
      return;
    }
    const answer = turn.ask(exchange, dispatch);
    if (answer instanceof Promise) this.#awaitAnswer(turn, answer);
    else this.#answer(turn, answer);
  }

  onContent(bytes: Uint8Array): void {
    this.#engine.counters.receivedBytes += bytes.length;
    const steady = this.#bodyPace.add(bytes.length, this.#engine.parts.clock.monotonicMs());
    if (this.#unwanted.isDropping) {
      if (!this.#unwanted.drop(bytes.length) || !steady) this.#finish();
      else this.#readClock.restart("content");
      return;
    }
    if (steady) this.#turn?.body.deliver(bytes);
    else this.#contentLate();
    if (this.#turn?.body.wanted === true) this.#readClock.restart("content");
    else this.#contentCame();
  }

  onEnd(): void {
    if (!this.#hasContent) return; // nobody waited for it
    this.#hasContent = false;
    this.#unwanted.isDropping = false;
    this.#contentCame();
    this.#turn?.body.finish();
  }

  onViolation(failure: Failure): void {
    this.#keepAlive = false;
    if (this.#unwanted.isDropping) this.#finish();
    else if (this.#turn !== null) this.#turn.body.fail(failure);
    else this.#refuse(failure);
  }

  /** Answers what is not a request. */
  #refuse(failure: Failure): void {
    this.#keepAlive = false;
    this.#answer(this.#begin(null, NO_BODY), failure);
  }

  // ── a request's way ──────────────────────────────────────────────────────────────────────────

  #begin(head: Http1Head | null, body: PulledBody): Turn {
    this.#requests += 1;
    this.#engine.counters.requests += 1;
    this.#hasContent = body !== NO_BODY;
    this.#readClock.await("nothing");
    this.#handlerClock.reset(this.#engine.settings.timeouts.handler);
    return (this.#turn = new Turn(head, body, this, this.#engine));
  }

  #awaitAnswer(turn: Turn, answer: Promise<Answer>): void {
    turn.isLate = true;
    if (!turn.body.wanted && !this.#closed) this.#handlerClock.run();
    answer.then(
      (late) => this.#answer(turn, late),
      (error: unknown) => this.#answer(turn, turn.broken(error)),
    );
  }

  #answer(turn: Turn, answer: Answer): void {
    if (turn.status !== null || this.#closed) {
      discard(answer); // the handler's deadline or the client was faster
      return;
    }
    this.#handlerClock.stop();
    try {
      const written = this.#write(turn, answer);
      if (!(written instanceof Promise)) this.#written(turn, written);
      else void written.then((late) => this.#written(turn, late));
    } catch (error) {
      // An answer that can't be written is a bug like one that can't be made.
      discard(answer);
      const failure = turn.broken(error);
      if (answer instanceof Failure) this.destroy();
      else this.#answer(turn, failure);
    }
  }

  #write(turn: Turn, answer: Answer): Written | Promise<Written> {
    const reply = turn.replyOf(answer);
    const failed = answer instanceof Failure;
    const isLast = this.#requests >= turn.settings.limits.requestsPerConnection;
    const keepAlive = this.#keepAlive && !isLast && turn.mayBeFollowed(UNWANTED_BYTES_MAX);
    const terms = turn.termsOf(this.#engine.date, keepAlive, failed);
    const framing = framingOf(reply, terms);
    const written = this.#writer.write(reply, terms, framing);
    this.#keepAlive = framing.keepAlive;
    turn.status = reply.status;
    const { pushing } = this.#writer;
    if (pushing !== null) turn.onGone(() => pushing.leave());
    return written;
  }

  #written(turn: Turn, written: Written): void {
    if (this.#closed) return; // and reported, then
    if (written instanceof Takeover) return this.#handOver(turn, written);
    if (written !== "whole") {
      if (written !== "cut") turn.cutShort(written);
      return this.destroy();
    }
    this.#turn = null;
    turn.finish(this.#writer.bodyBytes);
    if (!turn.body.complete) turn.body.fail(new Failure("bodyCut", "answered before its end"));
    this.#writer.endsByClose = false;
    if (this.#keepAlive) this.#next(turn);
    else this.#finish();
  }

  #next(turn: Turn): void {
    if (!turn.body.complete) {
      this.#unwanted.start(this.#bodyPace, this.#engine.parts.clock.monotonicMs());
      this.#readClock.await("content");
    }
    if (this.#input.isParsing) return; // the loop that brought the request goes on by itself
    this.#output.flush();
    this.#awaitRequest();
    this.#input.goOn();
  }

  /** From now on whoever takes it over has all that comes, what came behind the head first. */
  #handOver(turn: Turn, takeover: Takeover): void {
    this.#turn = null;
    this.#closed = true;
    this.#readClock.stop();
    this.#handlerClock.close();
    const taken = new TakenConnection(this.#engine, this.#socket, this.#output, turn);
    this.#engine.replace(this, taken);
    taken.begin(takeover, this.#input);
  }

  /** A client that sent its end before is gone, for a handler that asks. */
  onWatched(turn: Turn): void {
    if (turn === this.#turn && this.#input.hasEnded) this.destroy();
  }

  // ── content ──────────────────────────────────────────────────────────────────────────────────

  wantContent(body: PulledBody): void {
    if (body !== this.#turn?.body) return;
    this.#handlerClock.pause();
    this.#bodyPace.start(this.#engine.parts.clock.monotonicMs());
    this.#readClock.await("content");
    this.#socket.wantRoom();
    this.#goOn();
  }

  leaveBlock(): void {
    this.#socket.leaveRoom();
  }

  /** Where the client waits with its body, and somebody for the body (RFC 9110 §10.1.1). */
  #tellToGoOn(): void {
    const turn = this.#turn;
    if (turn === null || !turn.awaitsContinue) return;
    if (this.#input.isHolding || this.#input.isParsing) return;
    turn.continued = true;
    this.#writer.writeContinue();
  }

  #contentCame(): void {
    this.#bodyPace.stop(this.#engine.parts.clock.monotonicMs());
    if (this.#readClock.awaited === "content") this.#readClock.await("nothing");
    if (this.#turn?.status === null) this.#handlerClock.run();
  }

  #contentLate(): void {
    this.#keepAlive = false;
    this.#turn?.body.fail(new Failure("bodyTimeout"));
  }

  // ── deadlines ────────────────────────────────────────────────────────────────────────────────

  #awaitRequest(): void {
    if (this.#turn !== null || this.#unwanted.isDropping || this.#lingering || this.#closed) return;
    // A request that is here is not awaited, only the reader of the answers before it.
    if (this.#input.isHolding || this.#output.blocked) this.#readClock.await("nothing");
    else if (this.parser.step === "head") {
      if (this.#readClock.awaited !== "firstHead") this.#readClock.await("head");
    } else if (!this.#keepAlive) this.#leave();
    else if (this.#requests > 0) this.#readClock.await("request");
  }

  #onReadDeadline(): void {
    if (this.#lingering) {
      // A reader that is still taking its answer is the output's to judge.
      if (this.#socket.unsentBytes > 0) this.#readClock.restart("goodbye");
      else this.destroy();
    } else if (this.#unwanted.isDropping) this.#finish();
    else if (this.#turn !== null) this.#contentLate();
    else if (this.parser.step === "head") this.#refuse(new Failure("headTimeout"));
    else this.#leave();
  }

  onHandlerDeadline(): void {
    const turn = this.#turn;
    if (turn === null) return;
    const failure = new Failure("handlerTimeout", "", turn.exchange?.answerFields ?? []);
    turn.body.fail(failure);
    turn.leave();
    this.#answer(turn, failure);
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────

  /** Closes a connection on which nothing is under way. */
  #leave(): void {
    this.#output.flush();
    this.#readClock.await("goodbye");
    this.#input.drop();
    this.#socket.endBoth();
  }

  /** Closes behind the last answer: says so, then reads on a little (see LINGER_MS). */
  #finish(): void {
    this.#unwanted.isDropping = false;
    this.#output.flush();
    this.#readClock.await("goodbye");
    this.#input.drop();
    this.#socket.end();
  }
}

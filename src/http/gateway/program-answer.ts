// From what a program writes to the answer: its head decides which kind of answer it is (RFC 3875
// §6.2), what follows goes out as it comes.
//
//   feed → parser → head ─┬─ document, client redirect → Reply, the body behind it piece by piece
//                         ├─ local redirect            → another route answers, by GET
//                         └─ X-Sendfile, X-Accel-…     → the file that it names
//
// What goes wrong before the head is the answer (502); behind it the connection is cut, so that
// nothing broken looks whole.
import { Failure, type FieldList } from "../../base/failure.ts";
import {
  CgiAnswerParser,
  type CgiAnswerSink,
  type CgiHead,
  type CgiHeadMemo,
} from "../../protocol/index.ts";
import { ByteStream, Reply, type Answer, type Exchange } from "../exchange/index.ts";
import { answerWithNamedFile, isTarget, namedFile, type NamedFileRules } from "./named-file.ts";
import { OutputPieces, type OutputSource } from "./output-pieces.ts";

/** As much as a program may say before its content. */
const HEAD_BYTES_MAX = 64 * 1024;

/** What is the same for all answers of a route. */
export interface ProgramRules extends NamedFileRules {
  /** What its programs said before. */
  readonly memo?: CgiHeadMemo;
}

export class ProgramAnswer implements CgiAnswerSink {
  /** Resolves when the head is known, or that there will be none. */
  readonly answer: Promise<Answer>;
  readonly #exchange: Exchange;
  readonly #rules: ProgramRules;
  readonly #source: OutputSource;
  readonly #parser: CgiAnswerParser;
  readonly #pieces: OutputPieces;
  #settle: ((answer: Answer | Promise<Answer> | null) => void) | null = null;
  #document: Exclude<CgiHead, { kind: "localRedirect" }> | null = null;
  #wantsMore = true;
  #isOver = false;
  #hasLength = false;
  #failure: Failure | null = null;

  constructor(exchange: Exchange, rules: ProgramRules, source: OutputSource) {
    this.#exchange = exchange;
    this.#rules = rules;
    this.#source = source;
    const headOnly = exchange.method === "HEAD";
    const limits = { headerBytes: HEAD_BYTES_MAX, headOnly, memo: rules.memo };
    this.#parser = new CgiAnswerParser(this, limits);
    this.#pieces = new OutputPieces(source);
    const settled = new Promise<Answer | null>((resolve) => {
      this.#settle = resolve;
    });
    this.answer = settled.then((answer) => answer ?? this.#documentNow());
  }

  /** Why it is no good; null while nothing is known to be wrong. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Its length was announced: where it ends does not depend on the program's end. */
  get endsByLength(): boolean {
    return this.#isOver || this.#hasLength;
  }

  /** It is whole, or broken: nothing of what the program still writes is for anybody. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Takes what the program wrote; what is kept of `bytes` is copied. False: no more before
   * `resume`. A program that breaks the rules is left.
   */
  feed(bytes: Uint8Array): boolean {
    if (this.#isOver) return true;
    this.#wantsMore = true;
    const failure = this.#parser.feed(bytes);
    if (failure !== null) this.#fail(failure);
    else if (this.#parser.isFull) this.#finish();
    return this.#wantsMore;
  }

  /** There is no more: null, or why not. Only the first time counts. */
  end(failure: Failure | null): void {
    if (this.#isOver) return;
    const cut = failure ?? this.#parser.end();
    if (cut === null) this.#finish();
    else this.#fail(cut);
  }

  onHead(head: CgiHead): void {
    if (head.kind === "localRedirect") {
      this.#answerWith(this.#redirected(head.target));
      this.#drop();
      return;
    }
    this.#hasLength = head.length !== null;
    const named = namedFile(head.fields);
    if (named === null) {
      this.#document = head;
      this.#answerWith(null);
      return;
    }
    this.#answerWith(this.#fileNamed(named, head.fields));
    this.#drop();
  }

  onContent(bytes: Uint8Array): void {
    if (!this.#isOver) this.#wantsMore = this.#pieces.add(bytes);
  }

  /**
   * Asked for behind all that came together with the head. Most answers are whole by then: they
   * have a length, and leave in one write, which saves a quarter of a small one's cost.
   */
  #documentNow(): Answer {
    if (this.#failure !== null) return this.#failure;
    const { status, fields, length } = this.#document!;
    const isWhole = this.#isOver && this.#exchange.method !== "HEAD";
    const whole = isWhole ? this.#pieces.takeWhole() : null;
    return new Reply(status, fields, whole ?? new ByteStream(this.#pieces, length));
  }

  #redirected(target: string): Answer | Promise<Answer> {
    if (!isTarget(target)) return new Failure("programFailed", `no path of the site: ${target}`);
    return this.#exchange.reroute(target, { asGet: true });
  }

  #fileNamed(
    named: Exclude<ReturnType<typeof namedFile>, null>,
    fields: FieldList,
  ): Promise<Answer> {
    return answerWithNamedFile(this.#exchange, named, fields, this.#rules);
  }

  #answerWith(answer: Answer | Promise<Answer> | null): void {
    this.#settle?.(answer);
    this.#settle = null;
  }

  #finish(): void {
    this.#isOver = true;
    this.#pieces.end("whole");
  }

  #fail(failure: Failure): void {
    this.#isOver = true;
    this.#wantsMore = true;
    this.#failure = failure;
    this.#answerWith(failure);
    this.#pieces.end(new Error(`the program's answer is broken: ${failure.code}`));
    this.#source.leave();
  }

  /** Another answers: what the program still writes is for nobody. */
  #drop(): void {
    this.#isOver = true;
    this.#source.leave();
  }
}

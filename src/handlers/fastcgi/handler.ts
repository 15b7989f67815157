// A route of a FastCGI program (FastCGI 1.0), a request at a time:
//
//   path → script → body, all of it → a slot → a connection → answer
//
// The body comes first, so that a slow sender holds no slot and no process.
import { Failure } from "../../base/failure.ts";
import { Reply, type Answer, type Exchange, type Handler } from "../../http/exchange/index.ts";
import {
  MetaVariables,
  ProgramAnswer,
  sessionFacts,
  spoolBody,
  takeSlot,
  type ProgramRules,
  type ScriptPlace,
} from "../../http/gateway/index.ts";
import type { RoomContext } from "../../http/room.ts";
import { CgiHeadMemo } from "../../protocol/index.ts";
import type { Slot } from "../../runtime/index.ts";
import type { Spool } from "../../storage/index.ts";
import { backendAt, poolBackend, poolSpec, type Backend } from "./backend.ts";
import type { FastCgiOptions } from "./options.ts";
import { ReadyPairs, RequestBlock, type BlockFacts, type BlockParts } from "./request-block.ts";
import { FastCgiRun, REQUEST_ID } from "./run.ts";
import { documentRootOf, Scripts, scriptSuffixes } from "./script-place.ts";

/** Has a FastCGI program answer the requests of one route. */
export function fastCgiHandler(options: FastCgiOptions, context: RoomContext): Handler {
  const route = new FastCgiRoute(options, context, backendFor(options, context));
  return (exchange) => route.answer(exchange);
}

function backendFor(options: FastCgiOptions, context: RoomContext): Backend {
  const spec = poolSpec(options, context.place);
  return spec === null ? backendAt(options.address!) : poolBackend(spec, context);
}

export class FastCgiRoute {
  readonly #options: FastCgiOptions;
  readonly #context: RoomContext;
  readonly #backend: Backend;
  readonly #scripts: Scripts;
  readonly #rules: ProgramRules;
  readonly #parts: BlockParts;
  /** Not in use now: as many as there were requests at once. */
  readonly #blocks: RequestBlock[] = [];

  constructor(options: FastCgiOptions, context: RoomContext, backend: Backend) {
    const { env, passAuthorization, root, sendFiles } = options;
    const { claimedSuffixes, files, log, route } = context;
    this.#options = options;
    this.#context = context;
    this.#backend = backend;
    this.#scripts = new Scripts(options, context);
    const documentRoot = documentRootOf(options, context);
    const variables = new MetaVariables(
      { env, passAuthorization, documentRoot },
      () => new ReadyPairs(),
    );
    this.#parts = { requestId: REQUEST_ID, variables };
    this.#rules = {
      files,
      log,
      memo: new CgiHeadMemo(),
      sendFrom: [...sendFiles, ...(root === undefined ? [] : [root])].map((folder) =>
        files.root(folder, false),
      ),
      sources: [...claimedSuffixes, ...scriptSuffixes(route, options.suffixes)],
    };
  }

  /** Not async: what most requests want is there, and four promises less save 1 to 2 µs of 30. */
  answer(exchange: Exchange): Answer | Promise<Answer> {
    const place = this.#scripts.of(exchange);
    if (place instanceof Reply || place instanceof Failure) return place;
    const isPlaced = !(place instanceof Promise);
    const isHere = isPlaced && exchange.body.length === 0 && exchange.session === null;
    const slot = isHere ? this.#context.slots.tryTake() : null;
    if (!isHere || slot === null) return this.#answerLater(exchange, place);
    try {
      return this.#run(exchange, place, { body: null, session: null }, slot);
    } catch (error) {
      slot.release();
      throw error;
    }
  }

  async #answerLater(
    exchange: Exchange,
    found: ScriptPlace | Promise<ScriptPlace | Reply | Failure>,
  ): Promise<Answer> {
    const place = await found;
    if (place instanceof Reply || place instanceof Failure) return place;
    const body = await this.#bodyOf(exchange);
    if (body instanceof Failure) return body;
    let slot: Slot | Failure | null = null;
    try {
      const session = await sessionFacts(exchange);
      slot = this.#context.slots.tryTake() ?? (await this.#wait(exchange));
      if (!(slot instanceof Failure))
        return await this.#run(exchange, place, { body, session }, slot);
    } catch (error) {
      body?.close();
      if (slot !== null && !(slot instanceof Failure)) slot.release();
      throw error;
    }
    body?.close();
    return slot;
  }

  #bodyOf({ body }: Exchange): Promise<Spool | Failure> | null {
    return body.length === 0 ? null : spoolBody(body, this.#context.spools);
  }

  /** A slot, when it is this request's turn. */
  #wait(exchange: Exchange): Promise<Slot | Failure> {
    const gone = new AbortController();
    exchange.onGone(() => gone.abort());
    return takeSlot(this.#context.slots, this.#options, gone.signal);
  }

  #run(exchange: Exchange, place: ScriptPlace, facts: BlockFacts, slot: Slot): Promise<Answer> {
    const backend = this.#backend;
    const { body } = facts;
    const { keeps } = backend;
    const block = this.#blocks.pop() ?? new RequestBlock(this.#parts);
    const options = {
      name: place.scriptName,
      log: this.#context.log,
      request: block.make(exchange, place, facts, keeps),
      connections: backend.connectionsOf(slot),
      keeps,
      tries: backend.tries,
      afterMs: this.#context.handlerMs,
      body: body === null || body.memory !== null ? null : body,
      onOver: (how: "done" | "left") => {
        this.#blocks.push(block);
        body?.close();
        backend.release(slot, how);
      },
    };
    const run = new FastCgiRun(
      options,
      (source) => new ProgramAnswer(exchange, this.#rules, source),
    );
    const answer = run.start();
    exchange.onGone(() => run.onGone());
    return answer;
  }
}

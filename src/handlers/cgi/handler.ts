// A route of CGI scripts (RFC 3875), a request at a time:
//
//   path → script → body, all of it → a slot → run → answer
//
// The body comes first, so that a slow sender holds no slot and no process.
import { dirname } from "node:path";
import { Failure } from "../../base/failure.ts";
import { Reply, type Answer, type Exchange, type Handler } from "../../http/exchange/index.ts";
import {
  MetaVariables,
  ProgramAnswer,
  sessionFacts,
  spoolBody,
  takeSlot,
  type ProgramRules,
  type SessionFacts,
} from "../../http/gateway/index.ts";
import type { RoomContext } from "../../http/room.ts";
import { CgiHeadMemo } from "../../protocol/index.ts";
import { PROGRAM_PATH, type ProgramRun, type Slot } from "../../runtime/index.ts";
import type { Spool } from "../../storage/index.ts";
import { EnvironmentBlock } from "./environment-block.ts";
import type { CgiOptions } from "./options.ts";
import { Scripts, type Script } from "./script-place.ts";
import { ScriptRun } from "./script-run.ts";

/** Runs the scripts of one route. */
export function cgiHandler(options: CgiOptions, context: RoomContext): Handler {
  const route = new CgiRoute(options, context);
  return (exchange) => route.answer(exchange);
}

/** A script, and what it is given besides the request's head. */
interface AskedScript {
  readonly script: Script;
  readonly body: Spool | null;
  readonly session: SessionFacts | null;
}

class CgiRoute {
  readonly #options: CgiOptions;
  readonly #context: RoomContext;
  readonly #scripts: Scripts;
  readonly #variables: MetaVariables;
  readonly #rules: ProgramRules;
  /** Not in use now: as many as there were scripts at once. */
  readonly #environments: EnvironmentBlock[] = [];

  constructor(options: CgiOptions, context: RoomContext) {
    const { env, interpreters, passAuthorization, root, script, sendFiles } = options;
    const { claimedSuffixes, documentRoot, files, log } = context;
    this.#options = options;
    this.#context = context;
    this.#scripts = new Scripts(options, context);
    const variables = {
      env: { PATH: PROGRAM_PATH, ...env },
      passAuthorization,
      documentRoot: documentRoot ?? root ?? dirname(script!),
    };
    this.#variables = new MetaVariables(variables, () => new EnvironmentBlock());
    const sendFrom = sendFiles.map((folder) => files.root(folder, false));
    this.#rules = {
      files,
      log,
      memo: new CgiHeadMemo(),
      sendFrom,
      sources: [...claimedSuffixes, ...Object.keys(interpreters)],
    };
  }

  async answer(exchange: Exchange): Promise<Answer> {
    const script = await this.#scripts.of(exchange);
    if (script instanceof Reply) return script;
    if (script instanceof Failure) return this.#refused(script);
    const { slots, spools } = this.#context;
    const body = exchange.body.length === 0 ? null : await spoolBody(exchange.body, spools);
    if (body instanceof Failure) return body;
    try {
      const session = await sessionFacts(exchange);
      const slot = slots.tryTake() ?? (await this.#wait(exchange));
      if (slot instanceof Failure) return slot;
      return await this.#run(exchange, { script, body, session }, slot);
    } finally {
      body?.close(); // the script has a descriptor of its own
    }
  }

  /** A slot, when it is this request's turn. */
  #wait(exchange: Exchange): Promise<Slot | Failure> {
    const gone = new AbortController();
    exchange.onGone(() => gone.abort());
    return takeSlot(this.#context.slots, this.#options, gone.signal);
  }

  #run(exchange: Exchange, asked: AskedScript, slot: Slot): Promise<Answer> | Failure {
    const { log, programs, handlerMs } = this.#context;
    const environment = this.#environments.pop() ?? new EnvironmentBlock();
    const onOver = (): void => {
      this.#environments.push(environment);
      slot.release();
    };
    const options = { name: asked.script.scriptName, log, afterMs: handlerMs, onOver };
    const run = new ScriptRun(
      options,
      (source) => new ProgramAnswer(exchange, this.#rules, source),
    );
    try {
      exchange.onGone(() => run.onGone());
      const toRun = this.#programRun(exchange, asked, environment);
      if (!run.isGone) return run.start(programs, toRun);
    } catch (error) {
      onOver();
      throw error;
    }
    onOver();
    return new Failure("clientGone");
  }

  #programRun(
    exchange: Exchange,
    { script, body, session }: AskedScript,
    environment: EnvironmentBlock,
  ): ProgramRun {
    const hasLength = body !== null || exchange.fields.has("content-length");
    const contentBytes = hasLength ? (body?.bytes ?? 0) : null;
    environment.reset();
    this.#variables.write(exchange, script, { contentBytes, session }, environment);
    return {
      ...script.command,
      cwd: script.folder,
      environment: environment.take(),
      input: body === null || body.bytes === 0 ? null : (body.memory ?? body.fd),
    };
  }

  #refused(failure: Failure): Failure {
    if (failure.code === "notRunnable" || failure.code === "interpreterMissing") {
      this.#context.log.warn(`not run: ${failure.detail}`);
    }
    return failure;
  }
}

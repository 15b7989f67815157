// A visitor of a route with sessions, without a connection: keeps cookies as a browser does, and
// shows what a filter made of a handler's answer. And a store that notes what it is asked.
import { Failure } from "../base/failure.ts";
import { Reply, type Answer, type Filter, type Handler } from "../http/exchange/index.ts";
import type { SessionStore } from "../runtime/index.ts";
import { exchangeOf, type AskedFor } from "./exchange.ts";
import { memorySessions } from "./memory-sessions.ts";

/** What came back from one request. */
export interface Visit {
  /** Of the reply; null where it is a failure. */
  readonly status: number | null;
  /** Of the failure. */
  readonly code: string | null;
  readonly answer: Answer;
  /** Values of Set-Cookie, in order: the reply's own first. */
  readonly setCookies: readonly string[];
}

export interface VisitHow extends AskedFor {
  readonly secure?: boolean;
}

export class Visitor {
  readonly #filter: Filter;
  /** By name. */
  readonly jar = new Map<string, string>();

  constructor(filter: Filter) {
    this.#filter = filter;
  }

  /** A request of this visitor, answered by `handler` behind the filter. */
  async visit(handler: Handler, how: VisitHow = {}): Promise<Visit> {
    const cookie = Array.from(this.jar, ([name, value]) => `${name}=${value}`).join("; ");
    const own: Record<string, string> = cookie === "" ? {} : { Cookie: cookie };
    const exchange = exchangeOf({ ...how, fields: { ...own, ...how.fields } });
    Object.assign(exchange.connection, { secure: how.secure === true });
    const answer = await this.#filter(handler)(exchange);
    if (answer instanceof Failure) {
      return { status: null, code: answer.code, answer, setCookies: [] };
    }
    const fields = [...answer.fields, ...exchange.cookieFields];
    const setCookies = fields.filter(([name]) => name === "Set-Cookie").map(([, value]) => value);
    for (const one of setCookies) this.#keep(one);
    return { status: answer.status, code: null, answer, setCookies };
  }

  #keep(setCookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(setCookie)!;
    if (setCookie.includes("Max-Age=0")) this.jar.delete(name!);
    else this.jar.set(name!, value!);
  }
}

/** Answers 200 once `use` is done. */
export function answering(use: (session: HandlerSession) => Promise<unknown>): Handler {
  return async (exchange) => {
    const said = await use(exchange.session!);
    return new Reply(200, [], Buffer.from(JSON.stringify(said) ?? ""));
  };
}

type HandlerSession = NonNullable<Parameters<Handler>[0]["session"]>;

/** What the handler of `answering` said. */
export function saidIn({ answer }: Visit): unknown {
  if (answer instanceof Failure) return answer.code;
  const text = Buffer.from(answer.body as Uint8Array).toString();
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

/** Sessions in memory; a call that `failing` names is rejected. */
export class StoreNotes implements SessionStore {
  readonly calls: string[] = [];
  readonly failing = new Set<string>();
  /** Whether `load` answers later. */
  isLate = false;
  readonly #sessions = memorySessions();

  load(id: string) {
    this.#note("load");
    const stored = this.#sessions.load(id);
    if (!this.isLate) return this.#refused("load") ?? stored;
    return (async () => this.#refused("load") ?? stored)();
  }

  async create(...given: Parameters<SessionStore["create"]>) {
    this.#note("create");
    return this.#refused("create") ?? this.#sessions.create(...given);
  }

  async save(...given: Parameters<SessionStore["save"]>) {
    this.#note("save");
    return this.#refused("save") ?? this.#sessions.save(...given);
  }

  async rename(...given: Parameters<SessionStore["rename"]>) {
    this.#note("rename");
    return this.#refused("rename") ?? this.#sessions.rename(...given);
  }

  async end(id: string) {
    this.#note("end");
    return this.#refused("end") ?? this.#sessions.end(id);
  }

  #note(call: string): void {
    this.calls.push(call);
  }

  #refused(call: string): undefined {
    if (this.failing.has(call)) throw new Error(`the store is down: ${call}`);
  }
}

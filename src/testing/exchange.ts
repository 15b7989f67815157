// An exchange without a connection, for tests of handlers and filters.
import { Exchange, type Handler, type RequestBody } from "../http/exchange/index.ts";
import type { Fields } from "../protocol/fields.ts";
import { decodePath } from "../protocol/target.ts";

export interface AskedFor {
  readonly method?: string;
  /** "/path?query", encoded. */
  readonly target?: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** How much of the path is the route's; 1 as under "/*". */
  readonly prefixLength?: number;
  /** Answers what the handler sends on by `reroute`. */
  readonly dispatch?: Handler;
  /** None, if it is not given. */
  readonly body?: RequestBody;
  /** The client, where the test has it leave. */
  readonly client?: LeavingClient;
}

/** A client that leaves when the test says so. */
export class LeavingClient {
  /** The handler's deadline has passed. */
  isAnswered = false;
  #isGone = false;
  readonly #listeners: (() => void)[] = [];

  /** How many wait to be told. */
  get watchers(): number {
    return this.#listeners.length;
  }

  leave(): void {
    this.#isGone = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  onGone(listener: () => void): void {
    if (this.#isGone) listener();
    else this.#listeners.push(listener);
  }
}

const NO_BODY: RequestBody = {
  length: 0,
  bytesMax: 0,
  readyBytes: 0,
  read: async () => null,
  fill: async () => 0,
};

/** An exchange as the engine would make it, as a rule for a request without a body. */
export function exchangeOf(asked: AskedFor): Exchange {
  const {
    method = "GET",
    target = "/",
    fields = {},
    prefixLength = 1,
    client = new LeavingClient(),
  } = asked;
  const [rawPath = "", ...rest] = target.split("?");
  const path = decodePath(rawPath);
  if (typeof path !== "string") throw new Error(`no target: ${target}`);
  const connection = {
    remoteAddress: "127.0.0.1",
    remotePort: 1,
    localAddress: "127.0.0.1",
    localPort: 80,
    secure: false,
    unix: false,
  };
  const exchange = new Exchange(
    { method, target, minorVersion: 1, fields: fieldsOf(fields) },
    { host: "localhost", authority: "localhost", path, rawPath, query: rest.join("?") },
    {
      body: asked.body ?? NO_BODY,
      connection,
      receivedMs: Date.now(),
      id: "test-id",
      get isAnswered() {
        return client.isAnswered;
      },
      onGone: (listener) => client.onGone(listener),
    },
    asked.dispatch ?? unexpected,
  );
  exchange.prefixLength = prefixLength;
  return exchange;
}

/** Fields of one line a name. */
export function fieldsOf(lines: Readonly<Record<string, string>>): Fields {
  const entries = Object.entries(lines);
  const values = new Map(entries.map(([name, value]) => [name.toLowerCase(), value]));
  return {
    get: (name) => values.get(name) ?? null,
    has: (name) => values.has(name),
    all: (name) => [values.get(name)].filter((value) => value !== undefined),
    entries: () => entries[Symbol.iterator](),
  };
}

function unexpected(exchange: Exchange): never {
  throw new Error(`nothing is sent on in this test: ${exchange.path}`);
}

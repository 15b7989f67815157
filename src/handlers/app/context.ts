// What an app gets beside the request. All of it is made when it is asked for first.
import type { Log } from "../../base/log.ts";
import type { Cookies, Exchange, Session } from "../../http/exchange/index.ts";
import { partsOf, type Part, type PartsBounds, type PartsOptions } from "./parts/index.ts";
import {
  upgradeOf,
  type ServerWebSocket,
  type UpgradeOptions,
  type UpgradeResponse,
} from "./upgrade/index.ts";
import { missingStorage, type Storage } from "./storage/index.ts";

/** What a route's contexts have in common. */
export interface AppRoute {
  readonly log: Log;
  readonly env: Readonly<Record<string, string>>;
  /** A prefix route: what its `*` matched is a parameter, too. */
  readonly isPrefix: boolean;
  /** Bounds of forms that are read part by part. */
  readonly parts: PartsOptions;
  /** Null: the route says nothing of one. */
  readonly storage: Storage | null;
  /** Whose pages may open web sockets, and how large a message may be. */
  readonly upgrade: Pick<UpgradeOptions, "messageBytes" | "origins">;
  /** Waits, when the server stops, until `work` is done. */
  readonly keepUntil: (work: Promise<unknown>) => void;
}

export interface Client {
  /** Without port; "" on a unix socket. */
  readonly address: string;
  readonly port: number;
  /** It came by TLS, to this server or to one in front of it that is trusted. */
  readonly secure: boolean;
}

export class ExchangeContext {
  readonly #exchange: Exchange;
  readonly #route: AppRoute;
  #params: Readonly<Record<string, string>> | null = null;
  #leaving: AbortController | null = null;
  #isGone = false;
  #upgrade: UpgradeResponse | null = null;

  constructor(exchange: Exchange, route: AppRoute) {
    this.#exchange = exchange;
    this.#route = route;
  }

  get params(): Readonly<Record<string, string>> {
    this.#params ??= this.#route.isPrefix ? withRest(this.#exchange) : this.#exchange.params;
    return this.#params;
  }

  get session(): Session {
    const { session } = this.#exchange;
    if (session !== null) return session;
    throw new TypeError("this route has no sessions: give it `session = true` in the config");
  }

  /** Those that the client sent. What is set or deleted here goes out with the answer. */
  get cookies(): Cookies {
    return this.#exchange.cookies;
  }

  get client(): Client {
    const { connection, secure } = this.#exchange;
    return { address: connection.remoteAddress, port: connection.remotePort, secure };
  }

  /** Whom the session belongs to; null for strangers, and where there are no sessions. */
  get user(): Promise<string | null> {
    return this.#exchange.session?.user ?? Promise.resolve(null);
  }

  get log(): Log {
    return new RequestLog(this.#route.log, this.#exchange);
  }

  get env(): Readonly<Record<string, string>> {
    return this.#route.env;
  }

  /** The files that the route's app keeps. */
  get storage(): Storage {
    return this.#route.storage ?? missingStorage();
  }

  /** The parts of the request's form, one after the other, as they come. */
  parts(bounds?: PartsBounds): AsyncIterableIterator<Part> {
    return partsOf(this.#exchange, this.#route.parts, bounds);
  }

  /**
   * A web socket, which opens when `response` is returned. Throws where the request asks for none:
   * an app that leaves that alone has it answered.
   */
  upgrade(options?: UpgradeOptions): { socket: ServerWebSocket; response: Response } {
    if (this.#upgrade !== null) throw new TypeError("this request was upgraded before");
    const { log } = this;
    const onError = (error: unknown): void => log.error("a web socket's listener failed", error);
    const made = upgradeOf(this.#exchange, { ...this.#route.upgrade, ...options }, onError);
    this.#upgrade = made.response;
    return made;
  }

  /** What is answered is `returned`: a socket whose response that is not will not open. */
  answered(returned: unknown): void {
    if (this.#upgrade !== returned) this.#upgrade?.abandon();
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    if (this.#leaving === null) {
      this.#leaving = new AbortController();
      if (this.#isGone) this.#leaving.abort();
      else this.#exchange.onGone(() => this.#leaving!.abort());
    }
    return this.#leaving.signal;
  }

  /** Nobody waits for the answer any more. Known once it is watched for. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** From now on a client that leaves, or half-closes, is noticed. */
  watch(): void {
    this.#exchange.onGone(() => {
      this.#isGone = true;
    });
  }

  get id(): string {
    return this.#exchange.id;
  }

  /** Lets `work` go on behind the answer. What it rejects with is logged. */
  waitUntil(work: Promise<unknown>): void {
    const { log } = this;
    this.#route.keepUntil(
      Promise.resolve(work).catch((error: unknown) =>
        log.error("what it left behind failed", error),
      ),
    );
  }
}

/** The server's log, each line with the request's id. */
class RequestLog implements Log {
  readonly #log: Log;
  readonly #exchange: Exchange;

  constructor(log: Log, exchange: Exchange) {
    this.#log = log;
    this.#exchange = exchange;
  }

  debug(message: string): void {
    this.#log.debug(this.#line(message));
  }

  info(message: string): void {
    this.#log.info(this.#line(message));
  }

  warn(message: string): void {
    this.#log.warn(this.#line(message));
  }

  error(message: string, error?: unknown): void {
    this.#log.error(this.#line(message), error);
  }

  #line(message: string): string {
    return `request ${this.#exchange.id}: ${message}`;
  }
}

function withRest({ params, restPath }: Exchange): Readonly<Record<string, string>> {
  const all = Object.assign(Object.create(null) as Record<string, string>, params);
  all["*"] = restPath;
  return Object.freeze(all);
}

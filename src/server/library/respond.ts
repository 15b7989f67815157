// A request answered with no socket at all: the router, filters and handlers of a config, asked
// directly. Deadlines and limits of connections are the engine's, which has no part in it.
import { Failure } from "../../base/failure.ts";
import type { EngineSettings } from "../../http/engine/index.ts";
import { Reply, type Answer, type Exchange } from "../../http/exchange/index.ts";
import type { ServingLoop } from "../serving-loop.ts";
import { PorticoServer } from "./portico-server.ts";
import type { ServerConfig } from "./typed-config.ts";
import { exchangeOfWeb, WebClient } from "./web-request.ts";
import { responseOf } from "./web-response.ts";

/** What answers for a config without listening; sessions and the like are kept in it. */
export class Responder {
  readonly #server: PorticoServer;
  #loop: () => ServingLoop | null = () => null;
  #requests = 0;

  constructor(config: ServerConfig) {
    if (config.workers !== undefined) throw new Error("without a socket there are no `workers`");
    this.#server = new PorticoServer(config, {
      listens: false,
      onLocal: (loop) => (this.#loop = loop),
    });
  }

  /** Its events. */
  get server(): PorticoServer {
    return this.#server;
  }

  /** The answer to `request`, to be read or cancelled. Starts what answers, the first time. */
  async respond(request: Request): Promise<Response> {
    await this.#server.start();
    const loop = this.#loop();
    if (loop === null) throw new Error("it was stopped");
    this.#requests += 1;
    const client = new WebClient(request.signal);
    const { settings } = loop;
    const id = `memory-${this.#requests}`;
    const bodyBytesMax = settings.limits.bodyBytes;
    const arrival = { id, receivedMs: Date.now(), bodyBytesMax };
    const exchange = exchangeOfWeb(request, arrival, client, settings.dispatch);
    if (exchange instanceof Failure) {
      return responseOf(replyOf(exchange, request, id, settings), request.method, client);
    }
    const reply = replyOf(await answerTo(exchange, loop), request, id, settings);
    return responseOf(reply.withFields(exchange.cookieFields), request.method, client);
  }
}

const kept = new WeakMap<object, Responder>();

/**
 * Answers `request` as a server of `config` would, with no socket: route values, static files and
 * all. One config is one server: what it keeps (sessions) is there at its next request.
 */
export function respond<const Paths extends readonly string[]>(
  config: ServerConfig<Paths>,
  request: Request,
): Promise<Response> {
  const responder = kept.get(config) ?? new Responder(config);
  kept.set(config, responder);
  return responder.respond(request);
}

async function answerTo(exchange: Exchange, { settings, log }: ServingLoop): Promise<Answer> {
  try {
    return await settings.dispatch(exchange);
  } catch (error) {
    log.error(`request ${exchange.id} failed`, error, exchange.id);
    return new Failure("internalError");
  }
}

function replyOf(answer: Answer, request: Request, id: string, settings: EngineSettings): Reply {
  if (answer instanceof Reply) return answer;
  const { method, headers, url } = request;
  const { hostname } = new URL(url);
  return settings.failureReply(answer, {
    method,
    accept: headers.get("accept"),
    host: hostname,
    id,
  });
}

// From an exchange to an app and back. An app that answers at once has answered at once: nothing
// here waits for what need not be waited for.
import { Failure } from "../../base/failure.ts";
import type { Answer, Exchange, Handler } from "../../http/exchange/index.ts";
import { Refused } from "../../http/refused.ts";
import type { RoomContext } from "../../http/room.ts";
import { answerOf } from "./answer.ts";
import { fetchOf, type Fetch } from "./app-module.ts";
import { ExchangeContext, type AppRoute } from "./context.ts";
import { devReply } from "./dev-reply.ts";
import { lightIsInstalled } from "./globals.ts";
import { appTable, type AppOptions } from "./options.ts";
import { LightRequest, nativeRequestOf } from "./request.ts";
import { storageOf } from "./storage/index.ts";

/** Answers by the `fetch` of a module. */
export function appHandler(given: AppOptions, context: RoomContext): Handler {
  const { module, env, parts, storage, origins, messageBytes, dev = context.dev } = appTable(given);
  const fetch = fetchOf(context.module(module), module);
  const { log, keepUntil } = context;
  const route: AppRoute = {
    log,
    keepUntil,
    env: Object.freeze({ ...env }),
    isPrefix: context.route.includes("*"),
    parts,
    storage: storageOf(storage, context),
    upgrade: { origins, messageBytes },
  };
  const failed = dev ? shownTo(log) : answerOfError;
  return (exchange) => {
    const own = new ExchangeContext(exchange, route);
    let answer: Answer | Promise<unknown>;
    try {
      answer = called(fetch, exchange, own);
    } catch (error) {
      own.answered(null);
      return failed(error, exchange, own);
    }
    return answer instanceof Promise ? later(answer, exchange, own, failed) : answer;
  };
}

type Failed = (error: unknown, exchange: Exchange, own: ExchangeContext) => Answer;

function called(fetch: Fetch, exchange: Exchange, own: ExchangeContext): Answer | Promise<unknown> {
  const light = new LightRequest(exchange, own);
  // Where the global classes are Node's own, an app hands its request to them as it likes.
  const request = lightIsInstalled() ? light : nativeRequestOf(light);
  const returned = fetch(request, own, own);
  if (isThenable(returned)) return Promise.resolve(returned);
  own.answered(returned);
  return answerOf(returned, exchange);
}

function later(
  returned: Promise<unknown>,
  exchange: Exchange,
  own: ExchangeContext,
  failed: Failed,
): Promise<Answer> {
  own.watch();
  const broken = (error: unknown): Answer => {
    own.answered(null);
    return failed(error, exchange, own);
  };
  return returned.then((response) => {
    try {
      own.answered(response);
      return answerOf(response, exchange);
    } catch (error) {
      return broken(error);
    }
  }, broken);
}

/** Throws what the engine is to answer and to log, as a bug of ours. */
function answerOfError(error: unknown, _exchange: Exchange, own: ExchangeContext): Answer {
  if (error instanceof Refused) return error.failure;
  // An app whose client has left may fail as it likes: that is how it hears of it.
  if (own.isGone) return new Failure("clientGone");
  throw error;
}

function shownTo(log: RoomContext["log"]): Failed {
  return (error, exchange, own) => {
    try {
      return answerOfError(error, exchange, own);
    } catch {
      log.error(`request ${exchange.id} failed`, error);
      return devReply(error, exchange);
    }
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}

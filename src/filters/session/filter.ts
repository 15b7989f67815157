// Gives the requests of a route their visitor's session, and saves it before the answer goes out.
// What nobody touches costs nothing: no cookie, no look into the store, no promise.
import { Failure } from "../../base/failure.ts";
import type { Log } from "../../base/log.ts";
import {
  ByteStream,
  type Reply,
  releaseBody,
  type Answer,
  type Exchange,
  type Filter,
} from "../../http/exchange/index.ts";
import type { FilterContext } from "../../http/room.ts";
import { withCacheFields } from "./cache-fields.ts";
import { guardRefusal } from "./guard.ts";
import type { SessionOptions } from "./options.ts";
import { SessionCookie } from "./session-cookie.ts";
import { VisitorSession } from "./visitor-session.ts";

const RETRY_AFTER_S = "5";

export function sessionFilter(given: SessionOptions, context: FilterContext): Filter {
  if (given === false) return (next) => next;
  const origins = given === true ? [] : given.origins;
  const { log, sessions: store, sessionSettings } = context;
  const { bytesMax } = sessionSettings;
  const parts = { store, bytesMax, cookie: new SessionCookie(sessionSettings) };
  return (next) => (exchange) => {
    const refusal = guardRefusal(exchange, origins);
    if (refusal !== null) return refusal;
    if (exchange.sentSession !== null) {
      exchange.session = exchange.sentSession; // which is saved by the route that sent it on
      return next(exchange);
    }
    const session = new VisitorSession(parts, exchange);
    exchange.session = session;
    const answer = next(exchange);
    if (!(answer instanceof Promise)) return finished(session, answer, exchange, log);
    return answer.then((late) => finished(session, late, exchange, log));
  };
}

/** What goes out in the place of `answer`, once the session is saved. */
function finished(
  session: VisitorSession,
  answer: Answer,
  exchange: Exchange,
  log: Log,
): Answer | Promise<Answer> {
  if (!session.isTouched || exchange.isAnswered) {
    session.close();
    return answer;
  }
  if (answer instanceof Failure) {
    session.close();
    const isOurs = session.isUnavailable && answer.code === "internalError";
    return isOurs ? unavailable() : answer;
  }
  const saved = session.save();
  if (!(saved instanceof Promise)) return replyFor(answer, saved);
  return saved.then(
    (late) => replyFor(answer, late),
    (error: unknown) => {
      log.error(`request ${exchange.id}: its session was not saved`, error);
      discard(answer);
      return error instanceof RangeError ? new Failure("internalError") : unavailable();
    },
  );
}

function replyFor(reply: Reply, saved: boolean | Failure): Answer {
  if (!(saved instanceof Failure)) return withCacheFields(reply, saved);
  discard(reply);
  return saved;
}

function unavailable(): Failure {
  return new Failure("sessionsUnavailable", "", [["Retry-After", RETRY_AFTER_S]]);
}

/** Gives back what a reply holds that nobody will write. */
function discard({ body }: Reply): void {
  releaseBody(body);
  if (!(body instanceof ByteStream)) return;
  const pieces = body.source[Symbol.asyncIterator]();
  // It was about to end in any case, and the answer does not depend on it.
  void pieces.return?.().catch(() => undefined);
}

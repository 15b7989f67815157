// Answers of handlers and filters that are not this program's. They may be plain JavaScript, and
// what is no answer would break the connection, or the worker, rather than the request.
import { Failure, type FailureTable } from "../base/failure.ts";
import { Reply, type Answer, type Handler } from "../http/exchange/index.ts";

/** `handler`, which throws where it would answer with something that is no answer. */
export function soundAnswers(handler: Handler, failures: FailureTable): Handler {
  const sound = (answer: unknown): Answer => {
    if (answer instanceof Reply) return answer;
    if (!(answer instanceof Failure)) {
      throw new TypeError(
        `a handler answers with a Reply or a Failure, not with ${kindOf(answer)}`,
      );
    }
    if (Object.hasOwn(failures, answer.code)) return answer;
    throw new TypeError(`no room has a failure that is called "${answer.code}"`);
  };
  return (exchange) => {
    const answer: unknown = handler(exchange);
    return isPromise(answer) ? Promise.resolve(answer).then(sound) : sound(answer);
  };
}

function isPromise(answer: unknown): answer is PromiseLike<unknown> {
  if (typeof answer !== "object" || answer === null) return false;
  return typeof (answer as { then?: unknown }).then === "function";
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const { constructor: made } = value as { constructor?: unknown };
  return typeof made === "function" ? `a ${made.name}` : "an object";
}

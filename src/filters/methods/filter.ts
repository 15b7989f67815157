import { Failure } from "../../base/failure.ts";
import type { Answer, Filter, Handler } from "../../http/exchange/index.ts";
import { guardMethods } from "../../http/methods.ts";
import type { MethodsOptions } from "./options.ts";

/** Lets the named methods through, and HEAD where GET is one; answers the others itself. */
export function methodsFilter(methods: MethodsOptions): Filter {
  const taken = new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"]);
  const narrowed = (answer: Answer): Answer => {
    if (!(answer instanceof Failure) || answer.code !== "methodNotAllowed") return answer;
    const fields = answer.fields.map(([name, value]) => {
      const allowed = value.split(", ").filter((method) => taken.has(method));
      return [name, name === "Allow" ? allowed.join(", ") : value] as const;
    });
    return new Failure(answer.code, answer.detail, fields);
  };
  return (next) => guardMethods(methods, narrowing(next, narrowed));
}

/** What an address takes less than its route: `Allow` names nothing that does not come through. */
function narrowing(next: Handler, narrowed: (answer: Answer) => Answer): Handler {
  return (exchange) => {
    const answer = next(exchange);
    return answer instanceof Promise ? answer.then(narrowed) : narrowed(answer);
  };
}

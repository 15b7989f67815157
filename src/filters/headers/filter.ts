import type { FieldList } from "../../base/failure.ts";
import { Reply, type Answer, type Filter } from "../../http/exchange/index.ts";
import { withFields } from "./with-fields.ts";
import type { HeadersOptions } from "./options.ts";

/** Puts the configured fields on every answer. Adds no promise to an answer that has none. */
export function headersFilter(headers: HeadersOptions): Filter {
  const fields: FieldList = Object.entries(headers);
  // Replies that are given again and again, as those of files are, stay so when they are dressed.
  const dressed = new WeakMap<Reply, Reply>();
  const dress = (answer: Answer): Answer => {
    if (!(answer instanceof Reply)) return answer.withFields(fields);
    let reply = dressed.get(answer);
    if (reply === undefined) {
      reply = new Reply(answer.status, withFields(answer.fields, fields), answer.body);
      dressed.set(answer, reply);
    }
    return reply;
  };
  return (next) => (exchange) => {
    const { answerFields } = exchange;
    exchange.answerFields = answerFields.length === 0 ? fields : [...answerFields, ...fields];
    const answer = next(exchange);
    return answer instanceof Promise ? answer.then(dress) : dress(answer);
  };
}

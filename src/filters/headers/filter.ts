import type { FieldList } from "../../base/failure.ts";
import { Reply, type Answer, type Filter } from "../../http/exchange/index.ts";
import { withFields } from "./with-fields.ts";
import type { HeadersOptions } from "./options.ts";

/** Puts the configured fields on every answer. Adds no promise to an answer that has none. */
export function headersFilter(headers: HeadersOptions): Filter {
  const fields: FieldList = Object.entries(headers);
  const dress = (answer: Answer): Answer =>
    answer instanceof Reply
      ? new Reply(answer.status, withFields(answer.fields, fields), answer.body)
      : answer.withFields(fields);
  return (next) => (exchange) => {
    exchange.answerFields = [...exchange.answerFields, ...fields];
    const answer = next(exchange);
    return answer instanceof Promise ? answer.then(dress) : dress(answer);
  };
}

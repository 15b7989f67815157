// A filter from outside: puts a tag on the answers of its route.
import { table, text } from "../../../src/config/index.ts";
import { Failure } from "../../../src/base/failure.ts";
import { Reply, type Answer } from "../../../src/http/exchange/index.ts";
import { filterRoom } from "../../../src/http/room.ts";

export default filterRoom({
  name: "tag",
  doc: "Puts a tag on answers.",
  options: table({ says: text({ doc: "What the tag says." }) }),
  create: ({ says }) => {
    const tagged = (answer: Answer): Answer => {
      if (answer instanceof Failure) return answer.withFields([["X-Tag", says]]);
      return new Reply(answer.status, [...answer.fields, ["X-Tag", says]], answer.body);
    };
    return (next) => (exchange) => {
      const answer = next(exchange);
      return answer instanceof Promise ? answer.then(tagged) : tagged(answer);
    };
  },
});

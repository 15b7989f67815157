// A handler from outside that answers with what a module of its route returns.
import { table, text } from "../config/index.ts";
import { Reply, type Exchange } from "../http/exchange/index.ts";
import { handlerRoom } from "../http/room.ts";

interface AnsweringModule {
  default(exchange: Exchange): string | Promise<string>;
}

export const moduleRoom = handlerRoom({
  name: "answerBy",
  doc: "Answers with what a module returns.",
  methods: "any",
  options: table({ module: text({ doc: "The module." }) }),
  modules: ({ module }) => [module],
  create({ module }, context) {
    const answering = context.module(module) as unknown as AnsweringModule;
    return async (exchange) => {
      const answer = Buffer.from(await answering.default(exchange));
      return new Reply(200, [["Content-Type", "text/plain"]], answer);
    };
  },
});

// A handler from outside: greets whom its route says, or refuses those that nobody knows.
import { Failure } from "../../../src/base/failure.ts";
import { size, table, text } from "../../../src/config/index.ts";
import { text as said } from "../../../src/http/exchange/index.ts";
import { handlerRoom } from "../../../src/http/room.ts";

const options = table({
  to: text({ doc: "Whom it greets.", pattern: /[A-Z][a-z]+/, example: "Ann" }),
  nameBytes: size({ doc: "A name's length.", fallback: "1 KiB" }),
});

export const greet = handlerRoom({
  name: "greet",
  doc: "Greets whom the route says.",
  options,
  failures: { nameUnknown: { status: 418, message: "Nobody by that name is known." } },
  create: ({ to, nameBytes }) => {
    return ({ query }) => {
      if (query !== "") return new Failure("nameUnknown", query);
      return said(`hello ${to}, ${nameBytes}`);
    };
  },
});

export default greet;

import { handlerRoom } from "../../http/room.ts";
import { respondHandler } from "./handler.ts";
import { options } from "./options.ts";

export const respond = handlerRoom({
  name: "respond",
  doc: "Answers every request with a text from the config.",
  options,
  methods: "any",
  create: respondHandler,
});

import { handlerRoom } from "../../http/room.ts";
import { redirectHandler } from "./handler.ts";
import { options } from "./options.ts";

export const redirect = handlerRoom({
  name: "redirect",
  doc: "Sends requests to another address.",
  options,
  methods: "any",
  create: redirectHandler,
});

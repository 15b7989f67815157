import { handlerRoom } from "../../http/room.ts";
import { installLightClasses } from "./globals.ts";
import { appHandler } from "./handler.ts";
import { appTable, options } from "./options.ts";

export const app = handlerRoom({
  name: "app",
  doc: "Answers requests with a module's `fetch`.",
  options,
  methods: "any",
  bodyBytesMax: (given) => appTable(given).bodyBytes ?? null,
  modules: (given) => [appTable(given).module],
  begin: installLightClasses,
  create: appHandler,
});

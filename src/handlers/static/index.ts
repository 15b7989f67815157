import { handlerRoom } from "../../http/room.ts";
import { CANDIDATE_FAILURES } from "./candidates.ts";
import { staticHandler } from "./handler.ts";
import { methodsOf } from "./methods.ts";
import { options } from "./options.ts";

export const staticFiles = handlerRoom({
  name: "static",
  doc: "Serves the files of a folder.",
  options,
  methods: methodsOf,
  failures: CANDIDATE_FAILURES,
  create: staticHandler,
});

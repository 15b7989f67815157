import { filterRoom } from "../../http/room.ts";
import { methodsFilter } from "./filter.ts";
import { options } from "./options.ts";

export const methods = filterRoom({
  name: "methods",
  doc: "Which methods a route takes.",
  options,
  create: methodsFilter,
});

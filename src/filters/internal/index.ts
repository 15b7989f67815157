import { filterRoom } from "../../http/room.ts";
import { internalFilter } from "./filter.ts";
import { options } from "./options.ts";

export const internal = filterRoom({
  name: "internal",
  doc: "Whether a route is for this server alone.",
  options,
  create: internalFilter,
});

import { filterRoom } from "../../http/room.ts";
import { headersFilter } from "./filter.ts";
import { options } from "./options.ts";

export const headers = filterRoom({
  name: "headers",
  doc: "Fields that every answer of a route has.",
  options,
  create: headersFilter,
});

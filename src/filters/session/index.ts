import { CROSS_SITE_FAILURES } from "../../http/cross-site.ts";
import { filterRoom } from "../../http/room.ts";
import { SESSION_FAILURES } from "./failures.ts";
import { sessionFilter } from "./filter.ts";
import { options } from "./options.ts";

export const session = filterRoom({
  name: "session",
  doc: "Whether the route's visitors have sessions.",
  options,
  failures: { ...CROSS_SITE_FAILURES, ...SESSION_FAILURES },
  create: sessionFilter,
});

import type { Handler } from "../../http/exchange/index.ts";
import type { RoomContext } from "../../http/room.ts";
import type { StaticOptions } from "./options.ts";
import { StaticFolder } from "./static-folder.ts";

/** Serves the files of one folder. */
export function staticHandler(options: StaticOptions, context: RoomContext): Handler {
  const folder = new StaticFolder(options, context);
  return (exchange) => folder.answer(exchange);
}

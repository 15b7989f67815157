// What a module has to export so that it is an app.
import type { ModuleExports } from "../../http/room.ts";

/** Answers a request. What comes back is looked at by whoever asked. */
export type Fetch = (request: unknown, context: unknown, execution: unknown) => unknown;

/**
 * The `fetch` of the default export of `module`, or the default export itself, where it is a
 * function. Throws with what is missing in `file`, in words.
 */
export function fetchOf(module: ModuleExports, file: string): Fetch {
  const app = module["default"];
  if (typeof app === "function") return app as Fetch;
  const fetch = isObject(app) ? app["fetch"] : undefined;
  if (typeof fetch === "function") return (fetch as Fetch).bind(app);
  const found = app === undefined ? "there is no default export" : "it has no such function";
  throw new Error(
    `${file} is no app: its default export is to be { fetch(request, context) }; ${found}`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

import {
  either,
  flag,
  list,
  optional,
  path,
  record,
  size,
  table,
  text,
  type Infer,
} from "../../config/index.ts";
import { originComplaint } from "../../http/cross-site.ts";
import { parts, PARTS } from "./parts/index.ts";
import { storage } from "./storage/index.ts";
import { MESSAGE_BYTES } from "./upgrade/index.ts";

const module = path({
  doc: "A module of TypeScript or JavaScript. Its default export has `fetch(request, context)`.",
  kind: "file",
  exists: true,
  example: "app.ts",
});

const keys = {
  module,
  env: record(text({ doc: "A text.", example: "green" }), {
    doc: "What `context.env` holds. Nothing of the server's own environment is in it.",
    fallback: {},
    example: { COLOUR: "green" },
  }),
  dev: optional(
    flag({ doc: "Whether errors of the app are shown to the client. Left out: as `dev` says." }),
  ),
  bodyBytes: optional(
    size({ doc: "A request's body. Beyond it: 413. Left out: as `limits.bodyBytes`." }),
  ),
  parts,
  storage,
  origins: list(text({ doc: "An origin.", example: "https://example.org", check: originOrAny }), {
    doc: "Whose pages may open web sockets, beside those of this host. `*`: any.",
    fallback: [],
  }),
  messageBytes: size({
    doc: "A message of a web socket. Beyond it the socket is closed with 1009.",
    min: 1,
    fallback: "1 MiB",
  }),
};

export const options = either([module, table(keys)], {
  doc: "Answers requests with a module's `fetch`: a path, or a table with more.",
  example: "app.ts",
});

export type AppOptions = Infer<typeof options>;
export type AppTable = Exclude<AppOptions, string>;

/** The table that `given` is, or is short for. */
export function appTable(given: AppOptions): AppTable {
  if (typeof given !== "string") return given;
  return {
    module: given,
    env: {},
    dev: undefined,
    bodyBytes: undefined,
    parts: PARTS,
    storage: undefined,
    origins: [],
    messageBytes: MESSAGE_BYTES,
  };
}

function originOrAny(written: string): string | null {
  return written === "*" ? null : originComplaint(written);
}

// The whole config: what `portico.toml` may hold. Rooms bring their own options; the rest is here.
import {
  address,
  duration,
  either,
  extended,
  flag,
  integer,
  list,
  oneOf,
  optional,
  path,
  size,
  table,
  text,
  type Address,
  type Complaint,
  type Infer,
} from "../config/index.ts";
import { LOG_LEVELS } from "../base/log.ts";
import { accessLogComplaint } from "./access-log-place.ts";
import { addressKey } from "./addresses.ts";
import type { Registry } from "./registry.ts";
import { session, trustedProxies } from "./session-table.ts";
import { siteSchema } from "./site-schema.ts";

// Beyond the cores of any machine there is; each costs some 10 MiB.
export const WORKERS_MAX = 256;

const limits = table(
  {
    connections: integer({
      doc: "Connections at once, in each worker. Beyond it: 503 with Retry-After. 0: no bound.",
      fallback: 10_000,
      min: 0,
    }),
    connectionsPerAddress: integer({
      doc: "Connections at once from one address (IPv6: one /64). Beyond it: 503. 0: no bound.",
      fallback: 0,
      min: 0,
    }),
    requestsPerConnection: integer({
      doc: "Requests on one connection; the last one's answer says `Connection: close`.",
      fallback: 10_000,
      min: 1,
    }),
    headerBytes: size({
      doc: "A request's head in all. Beyond it: 431.",
      fallback: "16 KiB",
      min: 1024,
    }),
    targetBytes: size({
      doc: "A request's target (path and query). Beyond it: 414.",
      fallback: "8 KiB",
      min: 64,
    }),
    bodyBytes: size({ doc: "A request's body. Beyond it: 413.", fallback: "1 GiB" }),
    workerMemory: size({
      doc: "Objects and buffers of a worker. Beyond it: it is replaced, its connections are lost.",
      fallback: "1 GiB",
      min: "64 MiB",
    }),
  },
  { doc: "Bounds, each with the answer to a client that passes it." },
);

// Zero would cut everyone off.
const TIME = { min: "1ms", max: "365d" };

const timeouts = table(
  {
    header: duration({ doc: "For a request's head to be whole: 408.", fallback: "10s", ...TIME }),
    body: duration({
      doc: "Between two reads of a body, or under 1 KiB/s on average over a minute: 408.",
      fallback: "30s",
      ...TIME,
    }),
    keepAlive: duration({
      doc: "Between two requests of a connection: closed.",
      fallback: "65s",
      ...TIME,
    }),
    write: duration({
      doc: "A reader that takes nothing, or under 1 KiB/s over a minute: cut off.",
      fallback: "60s",
      ...TIME,
    }),
    handler: duration({
      doc: "For the head of an answer, while no body is awaited: 504.",
      fallback: "60s",
      ...TIME,
    }),
    stuck: duration({
      doc: "For a worker whose loop does not turn: it is replaced, and its connections are lost.",
      fallback: "5s",
      min: "1s",
      max: TIME.max,
    }),
    shutdown: duration({
      doc: "For requests under way when the server is stopped; then they are cut. 0s: at once.",
      fallback: "10s",
      max: TIME.max,
    }),
  },
  { doc: "How long what may take." },
);

const logFile = path({
  doc: "A file, made when missing, or a device.",
  kind: "output",
  exists: false,
  check: accessLogComplaint,
});

const log = table(
  {
    access: either([oneOf(["off", "stderr"], { doc: "" }), logFile], {
      doc: 'Where each request is logged: `"off"`, `"stderr"` or a file.',
      fallback: "stderr",
    }),
    format: oneOf(["combined", "common", "json"], {
      doc: "The form of the access log's lines.",
      fallback: "combined",
    }),
    level: oneOf(LOG_LEVELS, {
      doc: "Notices below this level are left out.",
      fallback: "info",
    }),
  },
  { doc: "What is written about what happens." },
);

// All but the sites: their routes have the keys of rooms.
const settings = table(
  {
    workers: either(
      [oneOf(["auto"], { doc: "" }), integer({ doc: "", min: 1, max: WORKERS_MAX })],
      {
        doc: 'Threads that answer requests, each on every address. `"auto"`: one a core.',
        fallback: "auto",
      },
    ),
    requestId: flag({
      doc: "X-Request-Id on every answer. Error answers and the log always have it.",
      fallback: false,
    }),
    dev: flag({
      doc: "Errors of apps are shown to the client, with their source. Never where strangers ask.",
      fallback: false,
    }),
    data: optional(
      path({
        doc:
          "The folder for durable state, made (0700) when missing. One server at a time; nothing " +
          "in it is served, and no folder that a route stores in lies in it or around it. " +
          "Left out: `$STATE_DIRECTORY`, else `$XDG_STATE_HOME/portico/NAME` " +
          "(`~/.local/state/portico/NAME`), NAME made of the config file's path.",
        kind: "folder",
        exists: false,
      }),
    ),
    use: list(text({ doc: "`./file.ts` beside this file, or a package's name." }), {
      doc:
        "Modules with handlers and filters from outside; their names become keys of routes. " +
        "What loads this file runs them, `portico check`, too.",
      fallback: [],
    }),
    listen: list(
      table(
        {
          address: address({
            doc: "`PORT`, `HOST:PORT`, `[V6]:PORT` or `unix:PATH`. Port 0: any free one.",
          }),
        },
        { doc: "An address to listen on." },
      ),
      {
        doc: "Where to listen. Left out: 127.0.0.1:8080, or the next free port up to 8179.",
        fallback: [],
        whole: addressComplaints,
      },
    ),
    trustedProxies,
    limits,
    timeouts,
    log,
    session,
  },
  { doc: "A Portico config file." },
);

const made = new WeakMap<Registry, ReturnType<typeof configSchema>>();

/** The schema of configs whose routes may name the rooms of `registry`. */
export function schemaFor(registry: Registry): ReturnType<typeof configSchema> {
  const known = made.get(registry);
  if (known !== undefined) return known;
  const schema = configSchema(registry);
  made.set(registry, schema);
  return schema;
}

function configSchema({ rooms }: Registry) {
  const site = list(siteSchema(rooms), { doc: "The sites of this server.", fallback: [] });
  return extended(settings, { site });
}

/** The config as the program holds it: sizes in bytes, durations in ms, paths absolute. */
export type Config = Infer<ReturnType<typeof configSchema>>;
export type SiteConfig = Config["site"][number];
/** A route: `path`, and the options of its rooms under their names. */
export type RouteConfig = SiteConfig["route"][number];

function addressComplaints(listen: readonly { readonly address: Address }[]): Complaint[] {
  const owners = new Map<string, number>();
  const complaints: Complaint[] = [];
  for (const [index, { address }] of listen.entries()) {
    if (address.kind === "tcp" && address.port === 0) continue; // each is another
    const text = addressKey(address);
    const owner = owners.get(text);
    if (owner === undefined) owners.set(text, index);
    else {
      const message = `${text} is listened on already, by [[listen]] number ${owner + 1}`;
      complaints.push({ path: [index, "address"], message });
    }
  }
  return complaints;
}

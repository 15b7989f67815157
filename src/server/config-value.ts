// A config that a program hands in: the same schema and the same checks as a file's, and besides
// handlers and filters as they are, and two things that may be said shortly.
import { resolve } from "node:path";
import { loadValue, type Input, type Node, type Problem, type TableNode } from "../config/index.ts";
import type { Filter, Handler } from "../http/exchange/index.ts";
import { crossProblems, type Seen } from "./check.ts";
import { withCode } from "./code-rooms.ts";
import { schemaFor } from "./config.ts";
import { LoadedConfig } from "./loaded-config.ts";
import { BUILT_IN, type BuiltInRoom, type Registry } from "./registry.ts";
import type { siteSchema } from "./site-schema.ts";
import { withUsed, type LoadModule } from "./use.ts";

type File = NonNullable<Input<ReturnType<typeof schemaFor>>>;
type Site = NonNullable<Input<ReturnType<typeof siteSchema>>>;
type Listen = NonNullable<File["listen"]>[number];

/** The options of the program's rooms, by their names. */
export type RoomInput = {
  readonly [Room in BuiltInRoom as Room["name"]]?: Input<Room["options"]> | undefined;
};

/** A route: its path, exactly one handler, any filters. */
export interface RouteInput extends RoomInput {
  readonly path: string;
  /** Answers the route's requests, whatever their method. */
  readonly handle?: Handler | undefined;
  /** Around the handler, inside of the other filters; the outermost first. */
  readonly filters?: readonly Filter[] | undefined;
}

export interface SiteInput extends Omit<Site, "route"> {
  readonly route?: readonly RouteInput[] | undefined;
}

/** What `portico.toml` may hold, as values: sizes and durations are written as there. */
export interface ConfigInput extends Omit<File, "listen" | "site"> {
  /** A port or an address, or some. */
  readonly listen?: string | number | readonly (string | number | Listen)[] | undefined;
  /** The routes of a site that answers any host: short for the last `site`. */
  readonly routes?: readonly RouteInput[] | undefined;
  readonly site?: readonly SiteInput[] | undefined;
}

export interface ValueSource {
  /** Where relative paths start; left out: the working folder. */
  readonly base?: string;
  /** What the whole is called where a problem lies in none of its keys. */
  readonly name?: string;
}

/** Checks `value`, a ConfigInput if its types are right. `use` is not looked at. */
export function configFromValue(
  value: unknown,
  source: ValueSource & { readonly registry?: Registry } = {},
): LoadedConfig | Problem[] {
  return checkedValue(value, source, source.registry ?? BUILT_IN, () => {});
}

/** The same with the rooms of the modules that `use` names. */
export function readConfigValue(
  value: unknown,
  source: ValueSource & { readonly loadModule: LoadModule },
): Promise<LoadedConfig | Problem[]> {
  const { base = ".", loadModule } = source;
  return withUsed((registry, look) => checkedValue(value, source, registry, look), {
    folder: resolve(base),
    loadModule,
  });
}

function checkedValue(
  value: unknown,
  { base = ".", name = "config" }: ValueSource,
  registry: Registry,
  look: (seen: Seen) => void,
): LoadedConfig | Problem[] {
  const withFunctions = withCode(registry);
  const origin = { name, folder: resolve(base), unfold };
  const loaded = loadValue(value, origin, schemaFor(withFunctions), (seen) => {
    look(seen);
    return crossProblems(seen, withFunctions);
  });
  return Array.isArray(loaded) ? loaded : new LoadedConfig(loaded, withFunctions);
}

/** Has what is said shortly be as in a file. What is none of it is left for the checks. */
function unfold(config: Node): void {
  if (config.kind !== "table") return;
  const { entries } = config;
  const listen = entries.get("listen");
  if (listen !== undefined) entries.set("listen", { ...listen, node: addressesOf(listen.node) });
  const routes = entries.get("routes");
  const site = entries.get("site")?.node ?? { kind: "list", items: [], span: null };
  if (routes === undefined || site.kind !== "list") return;
  entries.delete("routes");
  const short: TableNode = {
    kind: "table",
    entries: new Map([["route", routes]]),
    span: routes.keySpan,
  };
  const items = [...site.items, short];
  entries.set("site", {
    keySpan: routes.keySpan,
    ...entries.get("site"),
    node: { ...site, items },
  });
}

function addressesOf(node: Node): Node {
  if (node.kind === "list") return { ...node, items: node.items.map(inTable) };
  return node.kind === "table" ? node : { kind: "list", items: [inTable(node)], span: node.span };
}

function inTable(node: Node): Node {
  if (node.kind === "table" || node.kind === "list") return node;
  const entries = new Map([["address", { keySpan: node.span, node }]]);
  return { kind: "table", entries, span: node.span };
}

// What a route may say in a config that a program hands in, and in no file: functions.
import { code, list } from "../config/index.ts";
import type { Filter, Handler } from "../http/exchange/index.ts";
import { filterRoom, handlerRoom } from "../http/room.ts";
import { Registry } from "./registry.ts";

const handle = handlerRoom({
  name: "handle",
  doc: "Answers the route's requests, whatever their method.",
  options: code({ doc: "", noun: "a handler: a function", takes: isFunction<Handler> }),
  methods: "any",
  create: (handler) => handler,
});

const filters = filterRoom({
  name: "filters",
  doc: "Filters around the handler, the outermost first.",
  options: list(code({ doc: "", noun: "a filter: a function", takes: isFunction<Filter> }), {
    doc: "",
  }),
  create: (all) => (next) => all.reduceRight((inner, filter) => filter(inner), next),
});

function isFunction<T extends (...given: never[]) => unknown>(value: unknown): value is T {
  return typeof value === "function";
}

const made = new WeakMap<Registry, Registry>();

/** `registry` for configs that may hold handlers and filters as they are. */
export function withCode(registry: Registry): Registry {
  const known = made.get(registry);
  if (known !== undefined) return known;
  const { handlers, failures } = registry;
  const joined = new Registry([...handlers, handle], [...registry.filters, filters], failures);
  made.set(registry, joined);
  return joined;
}

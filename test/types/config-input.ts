// How a config may be written by a program, told by its types: tsc reads this file, nothing runs
// it. Each line below an expected error has to be one.
import { duration, flag, list, optional, table, text, type Input } from "../../src/config/index.ts";
import { Reply } from "../../src/http/exchange/index.ts";
import { handlerRoom } from "../../src/http/room.ts";
import type { ConfigInput, RouteInput } from "../../src/server/index.ts";

export const whole: ConfigInput = {
  listen: [8080, "127.0.0.1:0", { address: 0 }],
  limits: { headerBytes: "16 KiB", bodyBytes: 1024 },
  timeouts: { header: "10s" },
  log: { access: "off" },
  site: [{ hosts: ["a.test"], root: "public", errorPages: { "404": "lost.html" } }],
};

export const short: ConfigInput = {
  listen: 0,
  routes: [
    { path: "/", handle: () => new Reply(204) },
    {
      path: "/later",
      handle: async (exchange) => new Reply(exchange.method === "GET" ? 200 : 405),
    },
    { path: "/pics/*", static: { root: "pics", list: true }, headers: { "X-Here": "yes" } },
    { path: "/old", redirect: { to: "/new" }, filters: [(next) => (exchange) => next(exchange)] },
    { path: "/gone", respond: { status: 410 }, internal: true, methods: ["GET"] },
  ],
};

/** A name that may be left out may be undefined, too. */
export const undefinedKeys: ConfigInput = { listen: undefined, routes: undefined, data: undefined };

export const wrong: ConfigInput[] = [
  // @ts-expect-error no such key
  { lisen: 8080 },
  // @ts-expect-error a flag
  { listen: true },
  // @ts-expect-error a duration has a unit
  { timeouts: { header: 10 } },
  // @ts-expect-error no such choice
  { log: { format: "xml" } },
  // @ts-expect-error what each key is, one key is missing
  { site: [{ route: [{ static: { root: "a" } }] }] },
];

export const wrongRoutes: RouteInput[] = [
  // @ts-expect-error no path
  { handle: () => new Reply(204) },
  // @ts-expect-error a static route has a root
  { path: "/", static: {} },
  // @ts-expect-error of the wrong kind
  { path: "/", static: { root: 5 } },
  // @ts-expect-error no such key of the room
  { path: "/", static: { root: "a", lst: true } },
  // @ts-expect-error no such room
  { path: "/", statik: { root: "a" } },
  // @ts-expect-error no answer
  { path: "/", handle: () => "hi" },
  // @ts-expect-error no filter
  { path: "/", respond: {}, filters: [() => "hi"] },
  // @ts-expect-error a status that is not taken
  { path: "/", redirect: { to: "/", status: 299 } },
];

const options = table({
  greeting: text({ doc: "" }),
  every: duration({ doc: "", fallback: "1s" }),
  names: optional(list(text({ doc: "" }), { doc: "" })),
  loud: flag({ doc: "", fallback: false }),
});

export const least: Input<typeof options> = { greeting: "hi" };
export const most: Input<typeof options> = {
  greeting: "hi",
  every: "2s",
  names: ["a"],
  loud: true,
};
// @ts-expect-error what has no fallback is needed
export const without: Input<typeof options> = { loud: true };
// @ts-expect-error milliseconds are what it comes to, not what is written
export const asInside: Input<typeof options> = { greeting: "hi", every: 2000 };

export const room = handlerRoom({
  name: "greet",
  doc: "Greets.",
  options,
  create: ({ greeting, every, names, loud }) => {
    const inside: [string, number, string[] | undefined, boolean] = [greeting, every, names, loud];
    return () => new Reply(inside.length);
  },
});
export const name: "greet" = room.name;

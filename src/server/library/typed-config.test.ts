// What the compiler infers from a route's path: each line below an `@ts-expect-error` has to be
// refused by `tsc`, or it is told that nothing is wrong there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { text } from "../../http/exchange/index.ts";
import { createServer } from "./create-server.ts";
import { route, type ServerConfig } from "./typed-config.ts";

test("a handler is handed the parameters of its path, and no others", () => {
  const server = createServer({
    listen: 0,
    routes: [
      { path: "/hi/:name", handle: ({ params }) => text(params.name) },
      {
        path: "/u/:id/x/:file/*",
        methods: ["GET"],
        handle: async ({ params }) => {
          const both: string = params.id + params.file;
          return text(both);
        },
      },
      // @ts-expect-error -- there is no such parameter
      { path: "/a/:name", handle: ({ params }) => text(params.nope) },
      // @ts-expect-error -- there is none
      { path: "/b", handle: ({ params }) => text(params.name) },
      { path: "/s/*", static: { root: "." } },
      route("/c/:b", ({ params }) => text(params.b)),
    ],
  });
  assert.deepEqual(server.urls, []);
});

test("a route made elsewhere is checked where it is made", () => {
  const made = route("/a/:b", ({ params }) => text(params.b), { methods: ["GET"] });
  // @ts-expect-error -- there is no such parameter
  const wrong = route("/a/:b", ({ params }) => text(params.c));
  assert.deepEqual([made.path, wrong.path, made.methods], ["/a/:b", "/a/:b", ["GET"]]);
});

test("of a path that is not known, parameters may be missing", () => {
  const path: string = "/x/:y";
  const config = {
    routes: [
      {
        path,
        handle: ({ params }) => {
          const found: string | undefined = params["y"];
          // @ts-expect-error -- it may be missing
          const sure: string = params["y"];
          return text(found ?? sure);
        },
      },
    ],
  } satisfies ServerConfig;
  assert.equal(createServer(config).listenerCount("request"), 0);
});

test("keys and their values are the file's", () => {
  // @ts-expect-error -- misspelt
  assert.throws(() => createServer({ routes: [{ path: "/a", respnd: { body: "a" } }] }));
  // @ts-expect-error -- a number
  assert.throws(() => createServer({ routes: [{ path: "/a", respond: { body: 1 } }] }));
  // @ts-expect-error -- no answer
  createServer({ routes: [{ path: "/a", handle: () => "a" }] });
  // @ts-expect-error -- no duration, but a number of nothing
  assert.throws(() => createServer({ timeouts: { header: true } }));
});

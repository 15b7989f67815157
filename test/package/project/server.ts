// What somebody writes who has the package: a server of values, typed by its paths.
import assert from "node:assert/strict";
import { createServer, json, Reply, route, text, type Filter } from "portico";

const stamped: Filter = (next) => async (exchange) =>
  (await next(exchange)).withFields([["X-Stamp", "1"]]);

const server = createServer({
  listen: 0,
  routes: [
    { path: "/hi/:name", handle: ({ params }) => text(`hi ${params.name}`), filters: [stamped] },
    // @ts-expect-error -- the path has no such parameter
    { path: "/no/:name", handle: ({ params }) => text(params.nope) },
    route("/sum/:a/:b", ({ params }) => json(Number(params.a) + Number(params.b))),
    { path: "/late", handle: async () => new Reply(202) },
    { path: "/app/*", app: "app.ts", session: true },
    { path: "/*", static: { root: ".", index: ["package.json"] } },
  ],
});
const requests: string[] = [];
server.on("request", ({ method, path, status }) => requests.push(`${method} ${path} ${status}`));
await server.start();
const url: string = server.url;
const get = async (path: string) => (await fetch(url + path)).text();

assert.equal(await get("/hi/ann"), "hi ann");
assert.equal(await get("/sum/1/2"), "3");
assert.equal(await get("/app/x?y=1"), "app /app/x 1");
assert.match(await get("/"), /"project"/u);
assert.equal((await fetch(`${url}/late`)).status, 202);
await server.stop();
assert.equal(requests[0], "GET /hi/ann 200");
console.log("served");

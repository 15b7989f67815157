// How somebody tests what they serve: with a socket and without.
import assert from "node:assert/strict";
import { test } from "node:test";
import { text } from "portico";
import { respond, startTestServer } from "portico/testing";

const config = {
  routes: [
    { path: "/hi/:name", handle: () => text("hi") },
    { path: "/app/*", app: "app.ts", session: true },
  ],
} as const;

test("by a socket", async () => {
  await using server = await startTestServer(config);
  assert.equal(await (await server.fetch("/hi/ann")).text(), "hi");
});

test("without one, a session over two requests", async () => {
  const first = await respond(config, new Request("http://localhost/app/"));
  const [cookie = ""] = first.headers.getSetCookie();
  const headers = { cookie: cookie.split(";")[0]! };
  const second = await respond(config, new Request("http://localhost/app/", { headers }));
  assert.equal(await second.text(), "app /app/ 2");
});

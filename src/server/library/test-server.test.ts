import assert from "node:assert/strict";
import { test } from "node:test";
import { text } from "../../http/exchange/index.ts";
import { startTestServer } from "./test-server.ts";

test("a test's server has a port of its own, whatever the config says", async () => {
  const routes = [{ path: "/", handle: () => text("a") }] as const;
  await using one = await startTestServer({ listen: 80, routes });
  await using two = await startTestServer({ listen: 80, routes });
  assert.notEqual(one.url, two.url);
  assert.equal(await (await two.fetch("/")).text(), "a");
});

test("its fetch tells of redirects, and follows none", async () => {
  await using server = await startTestServer({
    routes: [{ path: "/old/*", redirect: { to: "/new/" } }],
  });
  const { status, headers } = await server.fetch("/old/a", { method: "POST", body: "x" });
  assert.deepEqual([status, headers.get("location")], [308, "/new/a"]);
});

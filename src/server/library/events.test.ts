import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { text } from "../../http/exchange/index.ts";
import { createServer } from "./create-server.ts";
import type { FinishedRequest, ServerFault } from "./events.ts";
import { route } from "./typed-config.ts";

const HELLO = route("/hi/:name", ({ params }) => text(`hi ${params.name}`));

async function bodyOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

test("requests that are over are told, also to who listens late", async () => {
  await using server = createServer({ listen: 0, routes: [HELLO] });
  await server.start();
  const told = once(server, "request") as Promise<[FinishedRequest]>;
  // The reload that has them told is under way: what is asked behind it is told.
  await server.reload();
  await bodyOf(`${server.url}/hi/ann?x=1`);
  const [{ method, path, target, status, bytes, durationMs, id }] = await told;
  assert.deepEqual(
    [method, path, target, status, bytes],
    ["GET", "/hi/ann", "/hi/ann?x=1", 200, 6],
  );
  assert.ok(durationMs >= 0 && id !== "");
});

test("a handler that throws is a 500: its id and stack are told, if somebody listens", async () => {
  const boo = (): never => {
    throw new Error("boo");
  };
  await using server = createServer({ listen: 0, routes: [{ path: "/", handle: boo }, HELLO] });
  await server.start();
  assert.equal((await fetch(server.url)).status, 500);
  const told = once(server, "error").catch((error: unknown) => [error]) as Promise<[ServerFault]>;
  const answer = await fetch(server.url);
  const [{ id, stack, message }] = await told;
  assert.equal(answer.headers.get("x-request-id"), id);
  assert.match(stack, /Error: boo\n +at boo/);
  assert.ok(message.includes(id!));
  assert.equal(await bodyOf(`${server.url}/hi/x`), "hi x");
});

test("with `workers` it serves in threads, and tells what happens there", async () => {
  await using server = createServer({
    listen: 0,
    workers: 1,
    routes: [{ path: "/*", respond: { body: "hello" } }],
  });
  const told = once(server, "request") as Promise<[FinishedRequest]>;
  await server.start();
  assert.equal(await bodyOf(server.url), "hello");
  assert.equal((await told)[0].path, "/");
  assert.equal((await server.status()).workers.length, 1);
});

// An app of Hono's on @hono/node-server: `node hono-program.ts FOLDER PORT`.
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const [, port] = process.argv.slice(2) as [string, string];
const app = new Hono();
app.get("/app/hello", () => new Response("hello"));
app.get("/app/async", async () => new Response("hello"));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(port) });

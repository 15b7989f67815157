// An app of Hono's as its documentation has them: nothing in it knows where it runs.
import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { streamText } from "hono/streaming";

const app = new Hono().basePath("/hono");

app.use("/api/*", cors());
app.use("/tagged", etag());
app.get("/", (c) => c.text("hono"));
app.get("/users/:id", (c) => c.json({ id: c.req.param("id"), query: c.req.query() }));
app.post("/api/echo", async (c) => c.json({ got: await c.req.json<unknown>() }, 201));
app.post("/form", async (c) => c.json(await c.req.parseBody()));
app.get("/html", (c) => c.html("<h1>ö</h1>"));
app.get("/away", (c) => c.redirect("/hono/", 303));
app.get("/cookies", (c) => {
  const seen = getCookie(c);
  setCookie(c, "a", "1", { httpOnly: true });
  deleteCookie(c, "b");
  return c.json(seen);
});
app.get("/tagged", (c) => c.text("tagged"));
app.get("/stream", (c) =>
  streamText(c, async (stream) => {
    for (const piece of ["a", "b", "c"]) {
      // oxlint-disable-next-line no-await-in-loop -- piece by piece
      await stream.write(piece);
    }
  }),
);
app.post("/proxied", (c) => {
  const inner = new Request(c.req.raw, { headers: { "x-inner": "1" } });
  return app.request("/hono/inner", inner);
});
app.post("/inner", async (c) => {
  const { method } = c.req;
  return c.json({ method, inner: c.req.header("x-inner"), body: await c.req.text() });
});
app.get("/throws", () => {
  throw new Error("hono throws");
});
app.post("/body", async (c) => c.text(await c.req.text()));

export default app;

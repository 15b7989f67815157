// An app of h3's as its documentation has them.
import { getCookie, getQuery, H3, HTTPError, readBody, redirect, setCookie } from "h3";

const app = new H3();

app.get("/h3", () => "h3");
app.get("/h3/users/:id", (event) => ({ id: event.context.params!["id"], query: getQuery(event) }));
app.post("/h3/echo", async (event) => {
  event.res.status = 201;
  return { got: await readBody(event) };
});
app.get("/h3/cookies", (event) => {
  setCookie(event, "a", "1", { httpOnly: true });
  return { b: getCookie(event, "b") };
});
app.get("/h3/away", () => redirect("/h3", 303));
app.get("/h3/stream", () => new Blob(["a", "b", "c"]).stream());
app.get("/h3/response", () => new Response("made", { status: 202, headers: { "x-made": "1" } }));
app.get("/h3/teapot", () => {
  throw new HTTPError({ status: 418, message: "short and stout" });
});

export default app;

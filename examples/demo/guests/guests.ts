// The guest book: an app with a session. Whoever signs is known by their session from then on, so
// that the page can show their entries to them, and a page in PHP can greet them. By which name is
// theirs to say: this is no login.
//
//     GET  /guests/    the form, your entries, and the last of everybody's
//     POST /guests/    signs, and sends the browser to the page again
import type { AppContext, Session } from "portico";
import { openBook, NAME_LENGTH_MAX, TEXT_LENGTH_MAX } from "./entries.ts";
import { guestPage } from "./page.ts";

const book = openBook(new URL("../var/guests.sqlite", import.meta.url));

export default {
  async fetch(request: Request, context: AppContext<"/guests/*">): Promise<Response> {
    if (context.params["*"] !== "") return new Response("There is no such page.", { status: 404 });
    if (request.method === "POST") return sign(request, context.session);
    if (request.method === "GET" || request.method === "HEAD") return show(context.session);
    return new Response(null, { status: 405, headers: { Allow: "GET, HEAD, POST" } });
  },

  /** Called when changed code has taken this one's place. */
  dispose(): void {
    book.close();
  },
};

async function show(session: Session): Promise<Response> {
  const guest = await session.get<string>("guest");
  const page = guestPage({
    name: await session.user,
    thanks: (await session.take<string>("thanks")) ?? null,
    yours: guest === undefined ? [] : book.of(guest),
    latest: book.latest(),
  });
  return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function sign(request: Request, session: Session): Promise<Response> {
  const fields = new URLSearchParams(await request.text());
  const name = fields.get("name")?.trim() ?? "";
  const text = fields.get("text")?.replaceAll("\r\n", "\n").trim() ?? "";
  const fits = name.length <= NAME_LENGTH_MAX && text.length <= TEXT_LENGTH_MAX;
  if (name === "" || text === "" || !fits) {
    return new Response("An entry has a name and a text, neither too long.\n", { status: 400 });
  }
  let guest = await session.get<string>("guest");
  if (guest === undefined) {
    guest = crypto.randomUUID();
    await session.set("guest", guest);
  }
  // Whom a session belongs to has changed: so has its id, and nobody can have known it before.
  if ((await session.user) !== name) await session.regenerate({ user: name });
  book.add({ guest, name, text });
  await session.flash("thanks", `Thank you, ${name}.`);
  return new Response(null, { status: 303, headers: { Location: "/guests/" } });
}

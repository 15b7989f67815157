// POST of a form stores the file in it, GET gives it back. What is too large, no picture or no form
// is refused by the server: it needs no line here.
import type { App } from "portico";
import type { Stored } from "./stored.ts";

export default {
  async fetch(request, context) {
    if (request.method !== "POST") {
      const picture = await context.storage.get(context.params["*"]!);
      return picture?.response(request) ?? new Response("No such picture.\n", { status: 404 });
    }
    for await (const part of context.parts()) {
      if (part.filename === null) continue;
      const stored = await context.storage.put(null, part);
      const url = new URL(`/pictures/${encodeURIComponent(stored.name)}`, request.url).href;
      return Response.json({ ...stored, url } satisfies Stored, { status: 201 });
    }
    return new Response("The form has no file.\n", { status: 400 });
  },
} satisfies App;

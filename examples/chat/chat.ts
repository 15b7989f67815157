// A chat: whoever listens at /events is told what anybody says, whichever worker they came to. Who
// was away for a while hears what was missed: the browser asks again by itself, with the last id.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { EventChannel, type AppContext, type Session } from "portico";

const NAME_LENGTH_MAX = 40;
const TEXT_LENGTH_MAX = 500;

const page = readFileSync(new URL("chat.html", import.meta.url), "utf8");
const said = new EventChannel("chat", { history: 50 });

export default {
  async fetch(request: Request, { session, params }: AppContext<"/*">): Promise<Response> {
    switch (`${request.method} /${params["*"]}`) {
      case "GET /":
        return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
      case "GET /events":
        return said.subscribe(request, { retry: 1000 });
      case "POST /say":
        return say(new URLSearchParams(await request.text()), session);
      default:
        return new Response("There is no such page.\n", { status: 404 });
    }
  },
};

async function say(fields: URLSearchParams, session: Session): Promise<Response> {
  const name = fields.get("name")?.trim() ?? (await session.get<string>("name")) ?? "";
  const text = fields.get("text")?.trim() ?? "";
  if (
    name === "" ||
    name.length > NAME_LENGTH_MAX ||
    text === "" ||
    text.length > TEXT_LENGTH_MAX
  ) {
    return new Response("A line has a name and a text, neither too long.\n", { status: 400 });
  }
  await session.set("name", name);
  said.publish({ id: randomUUID(), data: JSON.stringify({ name, text }) });
  return new Response(null, { status: 204 });
}

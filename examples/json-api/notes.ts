// An API of notes, in SQLite:
//
//     GET    /notes      all, newest first       POST   /notes      a new one: 201 with Location
//     GET    /notes/7    one                     PUT    /notes/7    changes it
//     DELETE /notes/7    204
//
// What came is looked at before it is believed: what is no note is 400, with why.
import { mkdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { AppContext } from "portico";

interface Note {
  readonly id: number;
  readonly text: string;
  readonly done: boolean;
}

type NewNote = Omit<Note, "id">;

const TEXT_LENGTH_MAX = 10_000;

const folder = new URL("./var/", import.meta.url);
mkdirSync(folder, { recursive: true });
const database = new DatabaseSync(fileURLToPath(new URL("notes.sqlite", folder)), {
  timeout: 2000,
});
database.exec(`
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS note (
    id INTEGER PRIMARY KEY, text TEXT NOT NULL, done INTEGER NOT NULL
  ) STRICT;
`);
const all = database.prepare("SELECT id, text, done FROM note ORDER BY id DESC LIMIT 100");
const one = database.prepare("SELECT id, text, done FROM note WHERE id = ?");
const insert = database.prepare("INSERT INTO note (text, done) VALUES (?, ?) RETURNING *");
const update = database.prepare("UPDATE note SET text = ?, done = ? WHERE id = ? RETURNING *");
const remove = database.prepare("DELETE FROM note WHERE id = ?");

export default {
  async fetch(request: Request, { params }: AppContext<"/notes/*">): Promise<Response> {
    const rest = params["*"];
    if (rest === "") return answerAll(request);
    const id = /^\d{1,15}$/.test(rest) ? Number(rest) : null;
    return id === null ? problem(404, "There is no such note.") : answerOne(request, id);
  },

  dispose(): void {
    database.close();
  },
};

async function answerAll(request: Request): Promise<Response> {
  switch (request.method) {
    case "GET":
      return Response.json(all.all().map(noteOf));
    case "POST": {
      const given = await noteIn(request);
      if (typeof given === "string") return problem(400, given);
      const note = noteOf(insert.get(given.text, Number(given.done)));
      return Response.json(note, { status: 201, headers: { Location: `/notes/${note.id}` } });
    }
    default:
      return notAllowed("GET, POST");
  }
}

async function answerOne(request: Request, id: number): Promise<Response> {
  const found = one.get(id);
  if (found === undefined) return problem(404, "There is no such note.");
  switch (request.method) {
    case "GET":
      return Response.json(noteOf(found));
    case "PUT": {
      const given = await noteIn(request);
      if (typeof given === "string") return problem(400, given);
      const changed = update.get(given.text, Number(given.done), id);
      // Somebody may have deleted it while the body came.
      if (changed === undefined) return problem(404, "There is no such note.");
      return Response.json(noteOf(changed));
    }
    case "DELETE":
      remove.run(id);
      return new Response(null, { status: 204 });
    default:
      return notAllowed("GET, PUT, DELETE");
  }
}

/** The note in the body; or in words why it is none. */
async function noteIn(request: Request): Promise<NewNote | string> {
  let given: unknown;
  try {
    given = await request.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // a body that is too large, or broke off
    return "The body is no JSON.";
  }
  if (typeof given !== "object" || given === null) return "A note is an object.";
  const { text, done = false } = given as Record<string, unknown>;
  if (typeof text !== "string" || text.length > TEXT_LENGTH_MAX) {
    return `\`text\` is a text of at most ${TEXT_LENGTH_MAX} characters.`;
  }
  return typeof done === "boolean" ? { text, done } : "`done` is true or false.";
}

function noteOf(row: unknown): Note {
  const { id, text, done } = row as { id: number; text: string; done: number };
  return { id, text, done: done === 1 };
}

/** Problem details (RFC 9457). */
function problem(status: number, detail: string): Response {
  const headers = { "Content-Type": "application/problem+json" };
  return Response.json({ status, detail }, { status, headers });
}

function notAllowed(allow: string): Response {
  return new Response(null, { status: 405, headers: { Allow: allow } });
}

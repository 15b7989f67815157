// A login with a session. Three things matter here: the password is compared in constant time and
// hashed slowly, the session's id is another one behind the login, and the way back is one of ours.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { AppContext, Session } from "portico";

interface User {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

// In a real program these lie in a file or a database, and nobody's password stands in the code.
const USERS = new Map<string, User>([["ann", await userOf("correct horse")]]);
// So that it takes as long to say no to a name that nobody has.
const NOBODY = await userOf(randomBytes(16).toString("hex"));

export default {
  async fetch(request: Request, { session }: AppContext): Promise<Response> {
    const url = new URL(request.url);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /":
        return home(session);
      case "GET /login":
        return page(form((await session.take<string>("refusal")) ?? ""));
      case "POST /login":
        return login(new URLSearchParams(await request.text()), session);
      case "POST /logout":
        await session.destroy();
        return seeOther("/login");
      default:
        return new Response("There is no such page.\n", { status: 404 });
    }
  },
};

async function home(session: Session): Promise<Response> {
  const user = await session.user;
  if (user === null) return seeOther("/login");
  const visits = ((await session.get<number>("visits")) ?? 0) + 1;
  await session.set("visits", visits);
  return page(
    `<p>Hello, ${escaped(user)}. You were here ${visits} times.</p>
     <form method="post" action="/logout"><button>Log out</button></form>`,
  );
}

async function login(fields: URLSearchParams, session: Session): Promise<Response> {
  const name = fields.get("name") ?? "";
  if (await isRight(name, fields.get("password") ?? "")) {
    await session.regenerate({ user: name });
    return seeOther("/");
  }
  await session.flash("refusal", "That is not right.");
  return seeOther("/login");
}

async function isRight(name: string, password: string): Promise<boolean> {
  const user = USERS.get(name) ?? NOBODY;
  return timingSafeEqual(await hashOf(password, user.salt), user.hash);
}

async function userOf(password: string): Promise<User> {
  const salt = randomBytes(16);
  return { salt, hash: await hashOf(password, salt) };
}

function hashOf(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}

function form(refusal: string): string {
  return `<p role="status">${escaped(refusal)}</p>
    <form method="post" action="/login">
      <label>Name <input name="name" required autocomplete="username"></label>
      <label>Password <input name="password" type="password" required
        autocomplete="current-password"></label>
      <button>Log in</button>
    </form>`;
}

function page(main: string): Response {
  const head = `<meta charset="utf-8"><title>Login</title>`;
  const text = `<!doctype html><html lang="en">${head}${main}</html>`;
  return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path } });
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

// What an app's context is known to hold, told by its types: tsc reads this file, nothing runs it.
// Each line below an expected error has to be one.
import type { App, AppContext, Session } from "../../src/index.ts";

export function known(context: AppContext<"/users/:id/files/*">): string[] {
  const { id, "*": rest } = context.params;
  // @ts-expect-error the path has no such parameter
  const { name } = context.params;
  return [id, rest, String(name)];
}

export function exact(context: AppContext<"/users/:id">): string {
  // @ts-expect-error an exact path has no rest
  return context.params.id + context.params["*"];
}

/** Who knows no path has to look. */
export function unknown(context: AppContext): string {
  // @ts-expect-error there may be none of that name
  const id: string = context.params["id"];
  return id;
}

/** What knows more of its path goes where nothing is known of it. */
export const passedOn = (context: AppContext<"/users/:id">): string => unknown(context);

export const app = {
  async fetch(request, { params, session, user, signal, env, client, storage, log, waitUntil }) {
    const visits: number | undefined = await session.get<number>("visits");
    await session.set("visits", (visits ?? 0) + 1);
    // @ts-expect-error JSON has no form of a function
    await session.set("no", () => 1);
    const name: string | null = await user;
    const value: string | undefined = env["KEY"];
    const stored = await storage.put(null, request.body ?? "");
    log.info(`${params.id} ${name} ${value} ${client.address} ${stored.sha256} ${signal.aborted}`);
    waitUntil(Promise.resolve());
    return Response.json(stored satisfies { readonly size: number });
  },
} satisfies App<"/users/:id">;

export const wrong: App[] = [
  // @ts-expect-error an app answers
  { fetch: () => "hi" },
  // @ts-expect-error a context has no such thing
  { fetch: (_request, { sesion }) => new Response(String(sesion)) },
];

/** A session is what handlers have, too. */
export const sessionOf = ({ session }: AppContext): Session => session;

// What a program is told of its visitor's session, on routes that have sessions: PORTICO_SESSION_ID
// and PORTICO_SESSION_USER. No field of a request sets them, as those are HTTP_….
import type { Exchange } from "../exchange/index.ts";

/** Of a session that lives. */
export interface SessionFacts {
  readonly id: string;
  /** null: a stranger's. */
  readonly user: string | null;
}

/** Null, at once where the route has no sessions: the visitor has none. */
export function sessionFacts({ session }: Exchange): null | Promise<SessionFacts | null> {
  return session === null ? null : factsOf(session);
}

async function factsOf(session: NonNullable<Exchange["session"]>): Promise<SessionFacts | null> {
  const id = await session.id;
  return id === null ? null : { id, user: await session.user };
}

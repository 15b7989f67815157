// For who only asks what a route would do: nobody's session is read or made.
import type { SessionStore } from "./store.ts";

const refuse = (): never => {
  throw new Error("no sessions are kept here");
};

export const NO_SESSIONS: SessionStore = {
  load: () => null,
  create: refuse,
  save: refuse,
  rename: refuse,
  end: refuse,
};

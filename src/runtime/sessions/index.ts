export { NO_SESSIONS } from "./no-sessions.ts";
export type { SaveOutcome, SessionChanges, SessionStore, StoredSession } from "./store.ts";

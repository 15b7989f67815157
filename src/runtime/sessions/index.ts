export {
  DIGEST_START,
  SessionsUnavailable,
  type ListedSession,
  type SessionList,
  type SessionRegister,
  type WhichSessions,
} from "./listed.ts";
export type { FromSessions, ToSessions } from "./messages.ts";
export { NO_SESSIONS } from "./no-sessions.ts";
export {
  mainSessions,
  sessionsWithoutWorkers,
  workerSessions,
  type LocalSessions,
  type MainSessions,
  type SessionParts,
  type WorkerSessions,
} from "./sessions.ts";
export { storeComplaint, type SessionBounds, type SessionSettings } from "./settings.ts";
export type { SaveOutcome, SessionChanges, SessionStore, StoredSession } from "./store.ts";

import type { FailureTable } from "../../base/failure.ts";

export const SESSION_FAILURES = {
  sessionEnded: { status: 409, message: "The session ended while this request was under way." },
  sessionsUnavailable: { status: 503, message: "Sessions are not available at the moment." },
} as const satisfies FailureTable;

import type { FailureTable } from "../../base/failure.ts";

export const GATEWAY_FAILURES = {
  programFailed: { status: 502, message: "The program behind this address gave no good answer." },
  programUnreachable: { status: 502, message: "The program behind this address can't be reached." },
  programBusy: { status: 503, message: "The programs behind this address are all at work." },
} as const satisfies FailureTable;

/** When a client that found all programs at work may come again, in seconds. */
export const RETRY_AFTER_S = "2";

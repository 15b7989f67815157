import type { FailureTable } from "../../base/failure.ts";

export const CGI_ROUTE_FAILURES = {
  notRunnable: { status: 403, message: "This is no program that may be run." },
  interpreterMissing: { status: 403, message: "What runs programs of this kind is not installed." },
} as const satisfies FailureTable;

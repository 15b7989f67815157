import type { FailureTable } from "../../../base/failure.ts";

/** What is wrong with requests where a web socket is expected. */
export const UPGRADE_FAILURES = {
  upgradeRequired: { status: 426, message: "This is for web sockets, of version 13." },
  badUpgrade: { status: 400, message: "This is no way to open a web socket." },
} as const satisfies FailureTable;

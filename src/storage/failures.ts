import type { FailureTable } from "../base/failure.ts";

export const STORAGE_FAILURES = {
  notFound: { status: 404, message: "There is nothing here by that name." },
  forbidden: { status: 403, message: "This may not be read." },
  overloaded: { status: 503, message: "This server has more to do than it takes on at once." },
} as const satisfies FailureTable;

export type StorageFailureCode = keyof typeof STORAGE_FAILURES;

import type { FailureTable } from "../../base/failure.ts";

export const REPRESENTATION_FAILURES = {
  preconditionFailed: { status: 412, message: "What is here is not what the request is about." },
  rangeNotSatisfiable: { status: 416, message: "What is here has no such part." },
} as const satisfies FailureTable;

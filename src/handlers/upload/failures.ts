import type { FailureTable } from "../../base/failure.ts";

export const UPLOAD_FAILURES = {
  digestMalformed: { status: 400, message: "The digest that the request names can't be read." },
  digestMismatch: { status: 400, message: "What came is not what the request's digest says." },
  formEmpty: { status: 400, message: "The form has neither a file nor a field." },
  partialUpload: { status: 400, message: "A part of a file can't be stored by this method." },
  lengthMissing: { status: 411, message: "How long the content is has to be said in HTTP/1.0." },
} as const satisfies FailureTable;

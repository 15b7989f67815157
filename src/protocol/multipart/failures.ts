import type { FailureTable } from "../../base/failure.ts";

/** What can be wrong with a form of parts. After each of them nothing of the form is to be kept. */
export const MULTIPART_FAILURES = {
  boundaryMalformed: { status: 400, message: "The form's Content-Type has no usable boundary." },
  multipartMalformed: {
    status: 400,
    message: "The form's parts are not set apart as they should.",
  },
  multipartCut: { status: 400, message: "The form ends before its last boundary." },
  partHeadMalformed: { status: 400, message: "The head of a part of the form is malformed." },
  partHeadTooLarge: {
    status: 431,
    message: "The head of a part is larger than this server takes.",
  },
  partEncodingUnknown: { status: 415, message: "A part of the form has a transfer encoding." },
  partsTooMany: { status: 413, message: "The form has more parts than this server takes." },
  multipartPaddingTooLarge: {
    status: 413,
    message: "The form has too much text that belongs to no part.",
  },
} as const satisfies FailureTable;

export type MultipartFailureCode = keyof typeof MULTIPART_FAILURES;

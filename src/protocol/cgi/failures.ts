import type { Failure, FailureTable } from "../../base/failure.ts";

/** What can be wrong with a program's answer, for those who answer for it. */
export const CGI_FAILURES = {
  cgiEmpty: { status: 502, message: "The program ended before its answer had begun." },
  cgiHeadMalformed: { status: 502, message: "The head of the program's answer is malformed." },
  cgiHeadTooLarge: {
    status: 502,
    message: "The head of the program's answer is larger than this server takes.",
  },
  cgiContentTypeMissing: { status: 502, message: "The program's answer does not say its type." },
  cgiContentCut: { status: 502, message: "The program's answer is shorter than it said." },
} as const satisfies FailureTable;

export type CgiFailureCode = keyof typeof CGI_FAILURES;
export type CgiFailure = Failure<CgiFailureCode>;

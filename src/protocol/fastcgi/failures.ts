import type { Failure, FailureTable } from "../../base/failure.ts";

/** What a peer can do wrong. Behind each of them nothing more is read of its connection. */
export const FASTCGI_FAILURES = {
  fastcgiVersionUnknown: { status: 502, message: "The program does not speak FastCGI 1." },
  fastcgiRecordMalformed: { status: 502, message: "A record of the program is malformed." },
  fastcgiRecordUnasked: { status: 502, message: "The program sent what nobody had asked for." },
  fastcgiCut: { status: 502, message: "The program broke off before its answer was whole." },
} as const satisfies FailureTable;

export type FastCgiFailureCode = keyof typeof FASTCGI_FAILURES;
export type FastCgiFailure = Failure<FastCgiFailureCode>;

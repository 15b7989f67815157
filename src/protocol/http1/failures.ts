import type { FailureTable } from "../../base/failure.ts";
import { TARGET_FAILURES } from "../target.ts";

/** What can be wrong with a request's bytes. After each of them the connection is closed. */
export const HTTP1_FAILURES = {
  ...TARGET_FAILURES,
  requestLineMalformed: { status: 400, message: "The request line is malformed." },
  versionUnsupported: { status: 505, message: "This server speaks HTTP/1.1 and HTTP/1.0." },
  targetTooLong: { status: 414, message: "The request's target is longer than this server takes." },
  headTooLarge: { status: 431, message: "The header fields are larger than this server takes." },
  lineEndMalformed: { status: 400, message: "A line does not end in CR LF." },
  lineFolded: { status: 400, message: "A header field goes on over several lines." },
  fieldNameMalformed: { status: 400, message: "A header field's name is malformed." },
  fieldValueMalformed: { status: 400, message: "A header field's value has control characters." },
  hostMissing: { status: 400, message: "The request has no Host field." },
  hostMalformed: { status: 400, message: "The Host field is malformed or not the only one." },
  lengthMalformed: { status: 400, message: "The Content-Length is malformed or not the only one." },
  framingAmbiguous: {
    status: 400,
    message: "The request has both Content-Length and Transfer-Encoding.",
  },
  codingMalformed: { status: 400, message: "The Transfer-Encoding is malformed." },
  codingUnknown: { status: 501, message: "This server knows no transfer coding but chunked." },
  codingNotAllowed: { status: 400, message: "HTTP/1.0 has no Transfer-Encoding." },
  chunkMalformed: { status: 400, message: "The chunked body is malformed." },
  chunkFramingTooLarge: { status: 400, message: "The chunked body is more framing than content." },
  trailersTooLarge: {
    status: 431,
    message: "The trailer fields are larger than this server takes.",
  },
  trailerForbidden: { status: 400, message: "A trailer field may not stand behind a body." },
} as const satisfies FailureTable;

/** What can be wrong with a response, beside its fields and chunks, for those who answer for it. */
export const RESPONSE_FAILURES = {
  statusLineMalformed: { status: 502, message: "The status line is malformed." },
  responseUnasked: { status: 502, message: "A response came that nobody had asked for." },
  interimTooMany: { status: 502, message: "The response is put off again and again." },
  switchUnasked: { status: 502, message: "The response changes to a protocol not asked for." },
  responseCut: { status: 502, message: "The connection ended before the response did." },
} as const satisfies FailureTable;

export type Http1FailureCode = keyof typeof HTTP1_FAILURES | keyof typeof RESPONSE_FAILURES;

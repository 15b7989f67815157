export { FastCgiAnswerDecoder } from "./answer-decoder.ts";
export type { FastCgiAnswerSink, FastCgiEnd } from "./answer-decoder.ts";
export {
  encodeAbort,
  encodeBeginRequest,
  encodeEndRequest,
  encodeGetValues,
  encodeGetValuesResult,
  encodeRecord,
  encodeRecordHead,
  encodeStream,
  encodeStreamEnd,
  encodeUnknownType,
} from "./encode.ts";
export { FASTCGI_FAILURES } from "./failures.ts";
export type { FastCgiFailure, FastCgiFailureCode } from "./failures.ts";
export { encodeLatin1Pairs, encodePairs } from "./pairs.ts";
export type { Pairs } from "./pairs.ts";
export {
  FASTCGI_ROLES,
  FASTCGI_STATUSES,
  FASTCGI_TYPES,
  RECORD_CONTENT_BYTES_MAX,
  RECORD_HEAD_BYTES,
  writeRecordHead,
} from "./records.ts";
export { FASTCGI_REQUEST_LIMITS, FastCgiRequestDecoder } from "./request-decoder.ts";
export type { FastCgiRequestLimits, FastCgiRequestSink } from "./request-decoder.ts";
export { FastCgiRequestEncoder } from "./request-encoder.ts";
export type { FastCgiRequestStart } from "./request-encoder.ts";

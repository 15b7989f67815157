export { CgiAnswerParser } from "./answer-parser.ts";
export type { CgiAnswerLimits, CgiAnswerSink } from "./answer-parser.ts";
export { CGI_FAILURES } from "./failures.ts";
export type { CgiFailure, CgiFailureCode } from "./failures.ts";
export { CgiHeadMemo } from "./head-memo.ts";
export type { CgiAnswerHead, CgiHead } from "./head.ts";

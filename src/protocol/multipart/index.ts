export { multipartBoundary } from "./boundary.ts";
export { MULTIPART_FAILURES } from "./failures.ts";
export type { MultipartFailureCode } from "./failures.ts";
export { MULTIPART_LIMITS, MultipartParser } from "./multipart-parser.ts";
export type { MultipartFailure, MultipartLimits, MultipartSink } from "./multipart-parser.ts";
export { dispositionFilename } from "./part-head.ts";
export type { PartHead } from "./part-head.ts";

export { LengthDecoder, UntilCloseDecoder } from "./body.ts";
export type { BodyDecoder, ContentSink } from "./body.ts";
export { ChunkedDecoder, FORBIDDEN_TRAILERS } from "./chunked.ts";
export {
  encodeChunkHead,
  encodeField,
  encodeRequestHead,
  encodeResponseHead,
  encodeStatusLine,
  encodeTrailers,
  LAST_CHUNK,
} from "./encode.ts";
export type { RequestHeadToSend, ResponseHeadToSend } from "./encode.ts";
export { HTTP1_FAILURES, RESPONSE_FAILURES } from "./failures.ts";
export type { Http1FailureCode } from "./failures.ts";
export { listHas } from "./framing.ts";
export { reasonPhrase } from "./reason-phrases.ts";
export { HeadMemo } from "./head-memo.ts";
export { HeadScanner } from "./head-scanner.ts";
export { Http1Head } from "./request-head.ts";
export { RequestParser } from "./request-parser.ts";
export type { ParserStep, RequestLimits, RequestSink } from "./request-parser.ts";
export { ResponseParser } from "./response-parser.ts";
export type { Http1ResponseHead, ResponseLimits, ResponseSink } from "./response-parser.ts";

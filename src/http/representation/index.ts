export { attachment } from "./disposition.ts";
export { parseTags, strongMatch, weakMatch } from "./entity-tags.ts";
export { REPRESENTATION_FAILURES } from "./failures.ts";
export {
  FileReplies,
  replyWithFile,
  type FileReplyOptions,
  type FileRequest,
} from "./file-reply.ts";
export { formatHttpDate, parseHttpDate } from "./http-date.ts";
export { extensionOf, mediaTypeOf } from "./media-types.ts";
export { chooseEncoding, prefers } from "./negotiation.ts";
export { evaluatePreconditions, type Outcome, type Validators } from "./preconditions.ts";
export { isBitmap, UPLOADED_FIELDS, uploadedDisposition } from "./uploaded-content.ts";
export { parseRange, type ByteRange } from "./ranges.ts";

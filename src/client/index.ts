export { ClientFailure, type ClientFailureCode, type Digests } from "./failure.ts";
export {
  HttpClient,
  type AnswerFrom,
  type ClientOptions,
  type ClientRequest,
} from "./http-client.ts";
export type { OutgoingBody } from "./outgoing.ts";
export { Place } from "./place.ts";
export {
  upload,
  uploadForm,
  type FormOptions,
  type Uploaded,
  type UploadOptions,
} from "./upload.ts";
export { verify, type Verdict, type VerifyOptions } from "./verify.ts";

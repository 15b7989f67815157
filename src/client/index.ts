export { ClientFailure, type ClientFailureCode, type Digests } from "./failure.ts";
export { HttpClient, type ClientOptions } from "./http-client.ts";
export { Place } from "./place.ts";
export {
  upload,
  uploadForm,
  type FormOptions,
  type Uploaded,
  type UploadOptions,
} from "./upload.ts";
export { verify, type Verdict, type VerifyOptions } from "./verify.ts";

// GET and HEAD of what was uploaded: as any file is answered, and so that it can't attack who looks
// at it. What was made for a file stays with it while it is open.
import type { FieldList } from "../../base/failure.ts";
import { digestField, wantsSha256 } from "../../protocol/index.ts";
import type { OpenFile, Store } from "../../storage/index.ts";
import type { Answer } from "../exchange/index.ts";
import {
  FileReplies,
  mediaTypeOf,
  UPLOADED_FIELDS,
  uploadedDisposition,
  type FileReplyOptions,
  type FileRequest,
} from "../representation/index.ts";

class KeptReplies {
  readonly store: Store;
  readonly name: string;
  readonly hasDigest: boolean;
  readonly replies: FileReplies;

  constructor(store: Store, name: string, hasDigest: boolean, replies: FileReplies) {
    this.store = store;
    this.name = name;
    this.hasDigest = hasDigest;
    this.replies = replies;
  }
}

/** Answers a GET or HEAD with `file` of `store`, whose reference is taken over. */
export function replyWithStored(
  store: Store,
  name: string,
  file: OpenFile,
  request: FileRequest,
): Answer | Promise<Answer> {
  const { kept } = file;
  const isKept = kept instanceof KeptReplies && kept.store === store && kept.name === name;
  const wantsDigest = wantsSha256(request.fields.get("want-repr-digest"));
  if (isKept && (kept.hasDigest || !wantsDigest)) return kept.replies.answer(request);
  return replyAnew(store, name, file, request, wantsDigest);
}

async function replyAnew(
  store: Store,
  name: string,
  file: OpenFile,
  request: FileRequest,
  wantsDigest: boolean,
): Promise<Answer> {
  let sha256: Uint8Array | null;
  try {
    sha256 = (await store.keptDigest(file)) ?? (wantsDigest ? await store.digestOf(file) : null);
  } catch (error) {
    file.release();
    throw error;
  }
  const replies = new FileReplies(file, replyOptions(name, sha256));
  file.kept = new KeptReplies(store, name, sha256 !== null, replies);
  return replies.answer(request);
}

function replyOptions(name: string, sha256: Uint8Array | null): FileReplyOptions {
  const contentType = mediaTypeOf(name);
  const digest: FieldList = sha256 === null ? [] : [["Repr-Digest", digestField(sha256)]];
  const disposition = uploadedDisposition(name, contentType);
  const extra = [...UPLOADED_FIELDS, ...digest];
  return { contentType, extra, ...(disposition === undefined ? {} : { disposition }) };
}

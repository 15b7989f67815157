// GET and HEAD of what was uploaded: as any file is answered, and so that it can't attack who looks
// at it.
import { Failure, type FieldList } from "../../base/failure.ts";
import type { Answer, Exchange } from "../../http/exchange/index.ts";
import {
  FileReplies,
  mediaTypeOf,
  UPLOADED_FIELDS,
  uploadedDisposition,
  type FileReplyOptions,
} from "../../http/representation/index.ts";
import { digestField, wantsSha256 } from "../../protocol/index.ts";
import { OpenFile, type Lookup } from "../../storage/index.ts";
import type { UploadFolder } from "./upload-folder.ts";

/** What stays with an open file, so that it is answered by what was made before. */
class KeptReplies {
  readonly folder: UploadFolder;
  readonly name: string;
  readonly hasDigest: boolean;
  readonly replies: FileReplies;

  constructor(folder: UploadFolder, name: string, hasDigest: boolean, replies: FileReplies) {
    this.folder = folder;
    this.name = name;
    this.hasDigest = hasDigest;
    this.replies = replies;
  }
}

/** Answers with the file `name`. */
export function serve(
  folder: UploadFolder,
  exchange: Exchange,
  name: string,
): Answer | Promise<Answer> {
  const found = folder.context.files.lookup(folder.store.root, name);
  if (!(found instanceof Promise)) return answerWith(folder, exchange, name, found);
  return found.then((lookup) => answerWith(folder, exchange, name, lookup));
}

function answerWith(
  folder: UploadFolder,
  exchange: Exchange,
  name: string,
  found: Lookup,
): Answer | Promise<Answer> {
  if (found instanceof Failure) return found;
  if (!(found instanceof OpenFile)) return new Failure("notFound", name);
  const width = /^thumbnail=(\d{1,5})$/.exec(exchange.query)?.[1];
  if (width !== undefined && folder.pictures !== null) {
    return folder.pictures.serve(exchange, found, Number(width));
  }
  const { kept } = found;
  const isKept = kept instanceof KeptReplies && kept.folder === folder && kept.name === name;
  const wantsDigest = wantsSha256(exchange.fields.get("want-repr-digest"));
  if (isKept && (kept.hasDigest || !wantsDigest)) return kept.replies.answer(exchange);
  return answerAnew(folder, exchange, name, found, wantsDigest);
}

async function answerAnew(
  folder: UploadFolder,
  exchange: Exchange,
  name: string,
  file: OpenFile,
  wantsDigest: boolean,
): Promise<Answer> {
  let sha256: Uint8Array | null;
  try {
    const { store } = folder;
    sha256 = (await store.keptDigest(file)) ?? (wantsDigest ? await store.digestOf(file) : null);
  } catch (error) {
    file.release();
    throw error;
  }
  const replies = new FileReplies(file, replyOptions(name, sha256));
  file.kept = new KeptReplies(folder, name, sha256 !== null, replies);
  return replies.answer(exchange);
}

function replyOptions(name: string, sha256: Uint8Array | null): FileReplyOptions {
  const contentType = mediaTypeOf(name);
  const digest: FieldList = sha256 === null ? [] : [["Repr-Digest", digestField(sha256)]];
  const disposition = uploadedDisposition(name, contentType);
  const extra = [...UPLOADED_FIELDS, ...digest];
  return { contentType, extra, ...(disposition === undefined ? {} : { disposition }) };
}

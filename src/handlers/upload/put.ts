// PUT: the body becomes the file that the address names (RFC 9110 §9.3.4).
import { Failure, type FieldList } from "../../base/failure.ts";
import { Reply, type Answer, type Exchange } from "../../http/exchange/index.ts";
import { evaluatePreconditions } from "../../http/representation/index.ts";
import { digestField } from "../../protocol/index.ts";
import { FolderEntry, OpenFile, type Condition, type OnConflict } from "../../storage/index.ts";
import { createdReply } from "./answers.ts";
import { receiveFile } from "./receive-file.ts";
import type { KeptFile, UploadFolder } from "./upload-folder.ts";

const CONDITIONS = ["if-match", "if-none-match", "if-unmodified-since"];

/** Stores the body of `exchange` under `name`. */
export async function put(folder: UploadFolder, exchange: Exchange, name: string): Promise<Answer> {
  if (exchange.fields.has("content-range")) return new Failure("partialUpload");
  const condition = conditionOf(exchange);
  const how = conflictRule(folder);
  // Asked before the body is read, so that what can't be stored need not be sent; and again when
  // the file gets its name, for what became of it meanwhile.
  const mayBeRefused = how !== "replace" || CONDITIONS.some((field) => exchange.fields.has(field));
  const refusal = mayBeRefused ? await refusalBefore(folder, name, how, condition) : null;
  if (refusal !== null) return refusal;
  const file = await receiveFile(folder, exchange, name);
  if (file instanceof Failure) return file;
  const kept = await folder.keep([{ file, how, ...(mayBeRefused ? { condition } : {}) }]);
  if (kept instanceof Failure) return kept;
  const [one] = kept;
  const fields = fieldsOf(one!);
  if (!one!.stored.created) return new Reply(204, fields);
  return createdReply(folder, exchange, kept, "File created successfully").withFields(fields);
}

/** The request's preconditions, to be asked of what is there when the file gets its name. */
export function conditionOf({ method, fields, receivedMs }: Exchange): Condition {
  return (current) => {
    const validators = current ?? { etag: null, mtimeMs: null };
    const outcome = evaluatePreconditions(method, fields, validators, receivedMs);
    return outcome === "proceed" ? null : new Failure("preconditionFailed");
  };
}

/** PUT names the file itself: it can't get another name. */
function conflictRule({ options }: UploadFolder): OnConflict {
  return options.onConflict === "rename" ? "replace" : options.onConflict;
}

async function refusalBefore(
  { context, store }: UploadFolder,
  name: string,
  how: OnConflict,
  condition: Condition,
): Promise<Failure | null> {
  const found = await context.files.lookup(store.root, name);
  if (found instanceof FolderEntry) return new Failure("nameTaken", `${name} is a folder`);
  if (!(found instanceof OpenFile)) return condition(null);
  try {
    if (how === "reject") return condition(found) ?? new Failure("nameTaken", name);
    return condition(found);
  } finally {
    found.release();
  }
}

/** A validator is for what is stored as it came (RFC 9110 §9.3.4). */
function fieldsOf({ file, stored }: KeptFile): FieldList {
  const fields: [string, string][] = [];
  if (file.isAsReceived) fields.push(["ETag", stored.etag]);
  if (stored.sha256 !== null) fields.push(["Repr-Digest", digestField(stored.sha256)]);
  // What was stored differs: whoever sent it compares with this. (A 204 has no JSON to say it in.)
  const { receivedSha256 } = file;
  if (receivedSha256 !== null) fields.push(["X-Received-Digest", digestField(receivedSha256)]);
  return fields;
}

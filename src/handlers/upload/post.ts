// POST: what the body is decides what becomes of it. A form's files are stored under the names that
// they came with, its fields are told back; JSON and plain forms become records; anything else is a
// file.
import { Failure } from "../../base/failure.ts";
import { GrowingBytes } from "../../base/growing-bytes.ts";
import type { Answer, Exchange } from "../../http/exchange/index.ts";
import {
  freshName,
  IncomingFile,
  mendedName,
  type CompleteFile,
} from "../../http/incoming/index.ts";
import { dispositionFilename, JsonChecker } from "../../protocol/index.ts";
import { createdReply, formReply } from "./answers.ts";
import { FormFields } from "./form-fields.ts";
import { receiveFile } from "./receive-file.ts";
import { receiveForm } from "./receive-form.ts";
import { RequestDigests } from "./request-digests.ts";
import type { UploadFolder } from "./upload-folder.ts";

const CREATED = "File created successfully";
const JSON_TYPE = "application/json";

/** Stores the body of `exchange` below `into`, a path in the route's folder ("" for itself). */
export function post(folder: UploadFolder, exchange: Exchange, into: string): Promise<Answer> {
  const type = exchange.fields.get("content-type") ?? "";
  switch (type.replace(/;.*$/s, "").trim().toLowerCase()) {
    case "multipart/form-data":
      return postForm(folder, exchange, into);
    case "application/x-www-form-urlencoded":
      return postRecord(folder, exchange, into);
    case JSON_TYPE:
      return postJson(folder, exchange, into);
    default:
      return postFile(folder, exchange, into);
  }
}

async function postForm(folder: UploadFolder, exchange: Exchange, into: string): Promise<Answer> {
  const form = await receiveForm(folder, exchange);
  if (form instanceof Failure) return form;
  // Fields that no file came with would be lost: they are kept as a record, too.
  if (form.files.length === 0) return keepRecord(folder, exchange, into, form.fields);
  const wishes = form.files.map((file) => ({ file, how: folder.options.onConflict }));
  const kept = await folder.keep(wishes, into);
  if (kept instanceof Failure) return kept;
  const count = kept.length === 1 ? "1 file" : `${kept.length} files`;
  return formReply(folder, exchange, kept, form.fields, `${count} stored`);
}

async function postFile(folder: UploadFolder, exchange: Exchange, into: string): Promise<Answer> {
  const given = dispositionFilename(exchange.fields.get("content-disposition") ?? "");
  const file = await receiveFile(folder, exchange, given === null ? null : mendedName(given));
  if (file instanceof Failure) return file;
  return keepOne(folder, exchange, into, file);
}

async function postJson(folder: UploadFolder, exchange: Exchange, into: string): Promise<Answer> {
  const checker = new JsonChecker();
  const check = {
    feed: (piece: Uint8Array) => checker.feed(piece),
    end: () => checker.end(),
    failure: "jsonMalformed",
  };
  const name = freshName(JSON_TYPE, folder.context.clock.nowMs());
  const file = await receiveFile(folder, exchange, name, check);
  if (file instanceof Failure) return file;
  return keepOne(folder, exchange, into, file);
}

async function postRecord(folder: UploadFolder, exchange: Exchange, into: string): Promise<Answer> {
  const { body } = exchange;
  const digests = RequestDigests.of(exchange.fields);
  if (digests instanceof Failure) return digests;
  body.bytesMax = Math.min(body.bytesMax, folder.options.fieldBytes);
  const content = new GrowingBytes();
  for (let piece = await body.read(); piece !== null; piece = await body.read()) {
    if (piece instanceof Failure) return piece;
    digests.update(piece);
    content.add(piece);
  }
  const mismatch = digests.check();
  if (mismatch !== null) return mismatch;
  const fields = new FormFields(folder.options.fieldBytes);
  const failure = fields.read(content.take().toString());
  if (failure !== null) return failure;
  return fields.isEmpty ? new Failure("formEmpty") : keepRecord(folder, exchange, into, fields);
}

/** Stores fields as a file of JSON. */
async function keepRecord(
  folder: UploadFolder,
  exchange: Exchange,
  into: string,
  fields: FormFields,
): Promise<Answer> {
  const bytes = Buffer.from(`${JSON.stringify(fields)}\n`);
  const name = freshName(JSON_TYPE, folder.context.clock.nowMs());
  const facts = { name, declared: JSON_TYPE, bytes: bytes.length, field: null };
  const file = await IncomingFile.begin(folder.rules, facts);
  if (file instanceof Failure) return file;
  const failure = await file.write(bytes);
  const complete = failure ?? (await file.end());
  if (complete instanceof Failure) {
    await file.drop();
    return complete;
  }
  const kept = await folder.keep([{ file: complete, how: "rename" }], into);
  if (kept instanceof Failure) return kept;
  return formReply(folder, exchange, kept, fields, CREATED);
}

async function keepOne(
  folder: UploadFolder,
  exchange: Exchange,
  into: string,
  file: CompleteFile,
): Promise<Answer> {
  const kept = await folder.keep([{ file, how: folder.options.onConflict }], into);
  return kept instanceof Failure ? kept : createdReply(folder, exchange, kept, CREATED);
}

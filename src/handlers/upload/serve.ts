// GET and HEAD of what was uploaded, and of the smaller pictures made of it.
import { Failure } from "../../base/failure.ts";
import type { Answer, Exchange } from "../../http/exchange/index.ts";
import { replyWithStored } from "../../http/incoming/index.ts";
import { OpenFile, type Lookup } from "../../storage/index.ts";
import type { UploadFolder } from "./upload-folder.ts";

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
  return replyWithStored(folder.store, name, found, exchange);
}

// A request whose whole body is one file: PUT, and POST of any type that is no form.
import { Failure } from "../../base/failure.ts";
import type { Exchange } from "../../http/exchange/index.ts";
import { IncomingFile, type CompleteFile } from "../../http/incoming/index.ts";
import { pourBody } from "../../http/pour-body.ts";
import { RequestDigests } from "./request-digests.ts";
import type { UploadFolder } from "./upload-folder.ts";

/** Looks at each piece of a body before it is stored. */
export interface ContentCheck {
  feed(piece: Uint8Array): boolean;
  end(): boolean;
  readonly failure: string;
}

/** Takes `exchange`'s body as a file of that name; null: a fresh one. What fails leaves nothing. */
export async function receiveFile(
  folder: UploadFolder,
  exchange: Exchange,
  name: string | null,
  content: ContentCheck | null = null,
): Promise<CompleteFile | Failure> {
  const { body, fields } = exchange;
  const digests = RequestDigests.of(fields);
  if (digests instanceof Failure) return digests;
  const declared = fields.get("content-type");
  const facts = { name, declared, bytes: body.length, field: null };
  const file = await IncomingFile.begin(folder.rules, facts);
  if (file instanceof Failure) return file;
  let complete: CompleteFile | Failure | null = null;
  try {
    const failure = await pourBody(body, (piece) => {
      digests.update(piece);
      if (content !== null && !content.feed(piece)) return new Failure(content.failure);
      return file.write(piece);
    });
    if (failure !== null) return failure;
    if (content !== null && !content.end()) return new Failure(content.failure);
    const mismatch = digests.check();
    if (mismatch !== null) return mismatch;
    complete = await file.end();
    return complete;
  } finally {
    if (complete === null || complete instanceof Failure) await file.drop();
  }
}

// What is answered when files were stored: JSON for programs; browsers that ask for a page are sent
// to one, so that to load it again stores nothing again (RFC 9110 §15.4.4).
import type { FieldList } from "../../base/failure.ts";
import { formOf } from "../../http/errors/index.ts";
import { Reply, type Exchange } from "../../http/exchange/index.ts";
import type { FormFields } from "./form-fields.ts";
import { resultAddress } from "./result-page.ts";
import type { KeptFile, UploadFolder } from "./upload-folder.ts";

interface FileAnswer {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly type: string;
  readonly sha256?: string;
  readonly receivedSha256?: string;
  readonly field?: string;
  readonly thumbnails?: readonly { readonly width: number; readonly path: string }[];
}

/** 201 for what was no form. */
export function createdReply(
  folder: UploadFolder,
  exchange: Exchange,
  kept: readonly KeptFile[],
  message: string,
): Reply {
  return created(folder, exchange, kept, { message });
}

/** 201 for a form, or where a browser asks for HTML, 303 to a page that shows what was stored. */
export function formReply(
  folder: UploadFolder,
  exchange: Exchange,
  kept: readonly KeptFile[],
  fields: FormFields,
  message: string,
): Reply {
  if (formOf(exchange.fields.get("accept")) === "html") {
    const address = resultAddress(folder, exchange, kept);
    return new Reply(303, [
      ["Location", address],
      ["Cache-Control", "no-store"],
    ]);
  }
  return created(folder, exchange, kept, { message, fields });
}

function created(
  folder: UploadFolder,
  exchange: Exchange,
  kept: readonly KeptFile[],
  rest: { message: string; fields?: FormFields },
): Reply {
  const { message, ...more } = rest;
  const files = kept.map((one) => fileAnswer(folder, exchange, one));
  const [first] = files;
  const isOne = files.length === 1;
  const answer = {
    status: "success",
    message,
    ...(isOne ? { filepath: folder.filepath(first!.name) } : {}),
    files,
    ...more,
  };
  const fields: FieldList = [
    ["Content-Type", "application/json"],
    ...(isOne ? ([["Location", first!.path]] as const) : []),
    ["X-Content-Type-Options", "nosniff"],
  ];
  return new Reply(201, fields, Buffer.from(`${JSON.stringify(answer)}\n`));
}

function fileAnswer(
  folder: UploadFolder,
  exchange: Exchange,
  { file, stored, thumbnails }: KeptFile,
): FileAnswer {
  const path = folder.address(exchange, stored.name);
  const { receivedSha256, facts } = file;
  return {
    name: stored.name,
    path,
    size: stored.bytes,
    type: file.type,
    ...(stored.sha256 === null ? {} : { sha256: hex(stored.sha256) }),
    ...(receivedSha256 === null ? {} : { receivedSha256: hex(receivedSha256) }),
    ...(facts.field === null ? {} : { field: facts.field }),
    ...(thumbnails.length === 0
      ? {}
      : { thumbnails: thumbnails.map((width) => ({ width, path: `${path}?thumbnail=${width}` })) }),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

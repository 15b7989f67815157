// `portico upload`: sends files, says where each went, and whether it arrived as it left.
import { systemClock } from "../base/clock.ts";
import {
  ClientFailure,
  HttpClient,
  upload,
  uploadForm,
  type Uploaded,
  type UploadOptions,
} from "../client/index.ts";
import { printable } from "../config/index.ts";
import { mediaTypeOf } from "../http/representation/index.ts";
import { sizeText } from "./control-text.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import { ProgressLine } from "./progress-line.ts";
import type { Terminal } from "./terminal.ts";
import {
  checkNames,
  isHopeless,
  jsonLine,
  tellFailure,
  tellUntried,
  transferOf,
  type Transfer,
  type TransferOptions,
} from "./transfer.ts";

export interface UploadCommandOptions extends TransferOptions {
  readonly multipart?: boolean;
  readonly field?: readonly string[];
}

/** Sends `args`, files with a URL behind them. Returns what to exit with. */
export async function uploadCommand(
  args: readonly string[],
  options: UploadCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const transfer = await transferOf(args, options);
  const formFields = options.field?.map(formFieldOf);
  const asForm = options.multipart === true || formFields !== undefined;
  if (!asForm) checkNames(transfer, ", or as one form (--multipart)");
  const client = new HttpClient();
  const line = new ProgressLine(terminal, systemClock);
  const how: UploadOptions = {
    client,
    fetchDigest: true,
    fields: transfer.fields,
    // Nobody knows how a text here is encoded.
    typeOf: (name) => mediaTypeOf(name).split(";")[0]!,
    onProgress: (sentBytes, totalBytes) => line.update(sentBytes, totalBytes),
  };
  try {
    if (!asForm) return await sendEach(transfer, how, line, options, terminal);
    return await sendForm(
      transfer,
      { ...how, formFields: formFields ?? [] },
      line,
      options,
      terminal,
    );
  } finally {
    client.close();
  }
}

async function sendEach(
  { files, place }: Transfer,
  how: UploadOptions,
  line: ProgressLine,
  options: TransferOptions,
  terminal: Terminal,
): Promise<number> {
  let exitCode: number = EXIT.good;
  let takesPut = true;
  for (const [index, file] of files.entries()) {
    line.begin(file);
    const result: Uploaded | ClientFailure = takesPut
      ? await upload(file, place, how)
      : await formOf(file);
    line.clear();
    if (result instanceof ClientFailure) {
      tellFailure(file, result, options, terminal);
      exitCode = EXIT.failed;
      if (!isHopeless(result)) continue;
      tellUntried(files.length - index - 1, terminal);
      break;
    }
    // A server that wanted one file as a form wants all so.
    takesPut = result.method === "PUT";
    tellStored(result, options, terminal);
  }
  return exitCode;

  async function formOf(file: string): Promise<Uploaded | ClientFailure> {
    const results = await uploadForm([file], place, how);
    return results instanceof ClientFailure ? results : results[0]!;
  }
}

async function sendForm(
  { files, place }: Transfer,
  how: Parameters<typeof uploadForm>[2],
  line: ProgressLine,
  options: TransferOptions,
  terminal: Terminal,
): Promise<number> {
  const name = files.length === 1 ? files[0]! : `${files.length} files`;
  line.begin(name);
  const results = await uploadForm(files, place, how);
  line.clear();
  if (results instanceof ClientFailure) {
    tellFailure(name, results, options, terminal);
    return EXIT.failed;
  }
  for (const result of results) tellStored(result, options, terminal);
  return EXIT.good;
}

function tellStored(result: Uploaded, { json = false }: TransferOptions, terminal: Terminal): void {
  if (json) return terminal.out(jsonLine({ ...result, ok: true }));
  const { file, method, url, path, bytes } = result;
  const where = method === "PUT" ? `at ${url}` : `as ${path ?? "a file without a name"}`;
  const text = `${file}: stored ${where} (${sizeText(bytes)}, ${certaintyOf(result)})`;
  terminal.out(`${printable(text)}\n`);
}

function certaintyOf({ verified, sha256, storedSha256 }: Uploaded): string {
  if (!verified) return "not verified: the server gives no digest";
  const isChanged = storedSha256 !== null && storedSha256 !== sha256;
  return isChanged ? "verified as received; the server keeps a changed copy" : "verified";
}

function formFieldOf(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`--field takes NAME=VALUE, not ${JSON.stringify(text)}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

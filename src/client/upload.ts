// Files to a server: PUT, or a form where it takes no PUT. What was sent is hashed on its way, and
// compared with what the server says it has.
import { basename } from "node:path";
import type { FieldList } from "../base/failure.ts";
import { ClientFailure } from "./failure.ts";
import { HttpClient, type AnswerFrom, type ClientOptions } from "./http-client.ts";
import { OutgoingFile } from "./outgoing-file.ts";
import { OutgoingForm, randomBoundary, type FormFields } from "./outgoing-form.ts";
import type { Place } from "./place.ts";
import { refusalOf, wordsOf } from "./refusal.ts";
import { sha256In, WANT_SHA256 } from "./repr-digest.ts";
import { storedByForm, storedByPut, type StoredFile } from "./stored-answer.ts";

export interface UploadOptions extends ClientOptions {
  /** Connections are kept in it from one upload to the next; else each has its own. */
  readonly client?: HttpClient;
  /** Asks for the digest (HEAD) where the answer to a PUT has none. */
  readonly fetchDigest?: boolean;
  /** More fields, which go to the named host only. */
  readonly fields?: FieldList;
  /** The media type for a file of that name. */
  readonly typeOf?: (name: string) => string;
  /** Starts from 0 again where a redirect wants the body once more. */
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
}

export interface FormOptions extends UploadOptions {
  readonly formFields?: FormFields;
}

export interface Uploaded {
  readonly file: string;
  readonly method: "PUT" | "POST";
  readonly status: number;
  /** Where it can be asked for, where that is known. */
  readonly url: string | null;
  /** What the server calls it; a server's text. */
  readonly path: string | null;
  readonly bytes: number;
  /** SHA-256 of what was sent, in hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of what is stored, as the server has it. */
  readonly storedSha256: string | null;
  /** The server's digest of what it received is that of what was sent. */
  readonly verified: boolean;
}

/** Puts `file` at `place`, or under its name where that is a folder. */
export function upload(
  file: string,
  place: Place,
  options: UploadOptions = {},
): Promise<Uploaded | ClientFailure> {
  return withClient(options, async (client) => {
    const put = await putFile(client, file, place, options);
    const isNoPut = put instanceof ClientFailure && (put.status === 405 || put.status === 501);
    if (!isNoPut) return put;
    const posted = await postForm(client, [file], place, options);
    return posted instanceof ClientFailure ? posted : posted[0]!;
  });
}

/** Sends all `files` as one form: the server takes all of them or none. */
export function uploadForm(
  files: readonly string[],
  place: Place,
  options: FormOptions = {},
): Promise<Uploaded[] | ClientFailure> {
  return withClient(options, (client) => postForm(client, files, place, options));
}

async function withClient<T>(
  options: UploadOptions,
  use: (client: HttpClient) => Promise<T>,
): Promise<T> {
  if (options.client !== undefined) return use(options.client);
  const client = new HttpClient(options);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

async function putFile(
  client: HttpClient,
  file: string,
  place: Place,
  options: UploadOptions,
): Promise<Uploaded | ClientFailure> {
  const name = basename(file);
  const attempts: OutgoingFile[] = [];
  const answer = await client.send({
    method: "PUT",
    url: place.of(name),
    fields: [["Content-Type", typeOf(name, options)], ["Accept", "application/json"], WANT_SHA256],
    ownFields: ownFieldsOf(place, options),
    openBody: async () => {
      const opened = await OutgoingFile.open(file);
      if (!(opened instanceof ClientFailure)) attempts.push(opened);
      return opened;
    },
    ...progressOf(options),
  });
  if (answer instanceof ClientFailure) return answer;
  const stored = storedByPut(answer);
  const complaint = complaintOf(answer, [200, 201, 204]) ?? pageComplaint(answer, stored);
  if (complaint !== null) return complaint;
  const { bytes, sha256 } = attempts.at(-1)!;
  const url = placeOf(answer);
  const known = stored.receivedSha256 ?? stored.sha256;
  const asked =
    known === null && options.fetchDigest === true
      ? await askDigest(client, url, ownFieldsOf(place, options), place)
      : null;
  const sent = {
    file,
    method: "PUT",
    status: answer.status,
    url: url.href,
    bytes,
    sha256,
  } as const;
  return compared(sent, { ...stored, sha256: stored.sha256 ?? asked });
}

async function postForm(
  client: HttpClient,
  files: readonly string[],
  place: Place,
  options: FormOptions,
): Promise<Uploaded[] | ClientFailure> {
  const boundary = randomBoundary();
  const parts = files.map((path) => {
    const name = basename(path);
    return { path, name, type: typeOf(name, options) };
  });
  const attempts: OutgoingForm[] = [];
  const type = `multipart/form-data; boundary=${boundary}`;
  const own = ownFieldsOf(place, options);
  const answer = await client.send({
    method: "POST",
    url: place.url,
    fields: [["Accept", "application/json"]],
    // The boundary is not the caller's to choose.
    ownFields: [...own.filter(([name]) => !/^content-type$/i.test(name)), ["Content-Type", type]],
    openBody: async () => {
      const opened = await OutgoingForm.open(parts, options.formFields ?? [], boundary);
      if (!(opened instanceof ClientFailure)) attempts.push(opened);
      return opened;
    },
    ...progressOf(options),
  });
  if (answer instanceof ClientFailure) return answer;
  const complaint = complaintOf(answer, [200, 201]);
  if (complaint !== null) return complaint;
  const stored = storedByForm(answer);
  if (stored === null || stored.length !== files.length) return unknownAnswer(answer);
  const uploaded: Uploaded[] = [];
  for (const [index, sent] of attempts.at(-1)!.sent.entries()) {
    const known = { method: "POST", status: answer.status, url: null } as const;
    const one = compared({ file: files[index]!, ...known, ...sent }, stored[index]!);
    if (one instanceof ClientFailure) return one;
    uploaded.push(one);
  }
  return uploaded;
}

function compared(
  sent: Omit<Uploaded, "path" | "storedSha256" | "verified">,
  stored: StoredFile,
): Uploaded | ClientFailure {
  const there = stored.receivedSha256 ?? stored.sha256;
  if (there !== null && there !== sent.sha256) {
    const both = `sha-256 ${sent.sha256} here, ${there} there`;
    const message = `${sent.file} arrived as something else: ${both}`;
    const digests = { here: sent.sha256, there };
    return new ClientFailure("digestDiffers", message, { status: sent.status, digests });
  }
  const { path, sha256: storedSha256 } = stored;
  return { ...sent, path, storedSha256, verified: there !== null };
}

/** Null when the answer has one of the statuses that mean "stored", after all was sent. */
function complaintOf(answer: AnswerFrom, good: readonly number[]): ClientFailure | null {
  const { status, early } = answer;
  if (status >= 200 && status < 300) {
    if (early) {
      const message = `the server answered ${status} before all had been sent`;
      return new ClientFailure("answerUnknown", message, { status });
    }
    return good.includes(status) ? null : unknownAnswer(answer);
  }
  return refusalOf(answer);
}

// A page with 200 is what a network's login says to everything.
function pageComplaint(answer: AnswerFrom, { sha256 }: StoredFile): ClientFailure | null {
  const isPage = /^text\/html\b/i.test(answer.fields.get("content-type") ?? "");
  return answer.status === 200 && isPage && sha256 === null ? unknownAnswer(answer) : null;
}

function unknownAnswer(answer: AnswerFrom): ClientFailure {
  const words = wordsOf(answer);
  const quoted = words === null ? "" : `; it says: ${words}`;
  const message = `the server answered ${answer.status} without saying what it stored${quoted}`;
  return new ClientFailure("answerUnknown", message, { status: answer.status });
}

/** Where a PUT went: what Location says, unless that is another's house. */
function placeOf({ url, fields }: AnswerFrom): URL {
  const location = fields.get("location");
  const named = location === null ? null : URL.parse(location, url);
  return named?.origin === url.origin ? named : url;
}

/** Null when the server gives none: what was uploaded may well not be served. */
async function askDigest(
  client: HttpClient,
  url: URL,
  own: FieldList,
  place: Place,
): Promise<string | null> {
  // Conditions were for the PUT; and a redirect may have led to another host.
  const lasting = own.filter(([name]) => !/^(?:if-|content-)/i.test(name));
  const ownFields = url.origin === place.url.origin ? lasting : [];
  const answer = await client.send({ method: "HEAD", url, fields: [WANT_SHA256], ownFields });
  if (answer instanceof ClientFailure || answer.status !== 200) return null;
  if (answer.fields.has("content-encoding")) return null;
  return sha256In(answer.fields.get("repr-digest"));
}

function ownFieldsOf({ credentials }: Place, { fields = [] }: UploadOptions): FieldList {
  return [...credentials, ...fields];
}

function typeOf(name: string, { typeOf }: UploadOptions): string {
  return typeOf?.(name) ?? "application/octet-stream";
}

function progressOf({ onProgress }: UploadOptions) {
  return onProgress === undefined ? {} : { onSent: onProgress };
}

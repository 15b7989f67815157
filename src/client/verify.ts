// Whether a server has what is here. Sizes are compared before anything is hashed; the server's
// digest is asked for; a server that gives none is read, which costs the whole file's traffic.
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { FieldList } from "../base/failure.ts";
import { ClientFailure, errorInWords } from "./failure.ts";
import { HttpClient, type AnswerFrom, type ClientOptions } from "./http-client.ts";
import { sha256OfFile } from "./outgoing-file.ts";
import type { Place } from "./place.ts";
import { refusalOf } from "./refusal.ts";
import { sha256In, WANT_SHA256 } from "./repr-digest.ts";

export interface VerifyOptions extends ClientOptions {
  readonly client?: HttpClient;
  /** More fields, which go to the named host only. */
  readonly fields?: FieldList;
}

export interface Verdict {
  readonly file: string;
  readonly url: string;
  readonly same: boolean;
  /** What was looked at: sizes, the server's digest, or all the server's bytes. */
  readonly by: "size" | "digest" | "content";
  readonly bytes: number;
  /** What the server has; null where that is not known, or where reading stopped at too many. */
  readonly remoteBytes: number | null;
  /** SHA-256 in hexadecimal; null where sizes said enough. */
  readonly sha256: string | null;
  readonly remoteSha256: string | null;
}

/** Compares `file` with what is at `place`, or under its name where that is a folder. */
export async function verify(
  file: string,
  place: Place,
  options: VerifyOptions = {},
): Promise<Verdict | ClientFailure> {
  const client = options.client ?? new HttpClient(options);
  try {
    const bytes = await sizeOf(file);
    if (bytes instanceof ClientFailure) return bytes;
    const ownFields = [...place.credentials, ...(options.fields ?? [])];
    return await compare(client, { file, bytes, url: place.of(basename(file)), ownFields });
  } finally {
    if (options.client === undefined) client.close();
  }
}

interface Compared {
  readonly file: string;
  readonly bytes: number;
  readonly url: URL;
  readonly ownFields: FieldList;
}

async function compare(client: HttpClient, one: Compared): Promise<Verdict | ClientFailure> {
  const { file, bytes, url, ownFields } = one;
  const head = await client.send({ method: "HEAD", url, fields: [WANT_SHA256], ownFields });
  if (head instanceof ClientFailure) return head;
  if (head.status === 405 || head.status === 501) return compareContent(client, one);
  if (head.status !== 200) return refusalOf(head);
  const remoteBytes = sizeIn(head);
  const remoteSha256 = isCoded(head) ? null : sha256In(head.fields.get("repr-digest"));
  const known = { file, url: head.url.href, bytes, remoteBytes };
  if (remoteBytes !== null && remoteBytes !== bytes) {
    return { ...known, same: false, by: "size", sha256: null, remoteSha256 };
  }
  if (remoteSha256 === null) return compareContent(client, one);
  const sha256 = await sha256OfFile(file);
  if (sha256 instanceof ClientFailure) return sha256;
  return { ...known, same: sha256 === remoteSha256, by: "digest", sha256, remoteSha256 };
}

async function compareContent(client: HttpClient, one: Compared): Promise<Verdict | ClientFailure> {
  const { file, bytes, url, ownFields } = one;
  let hash = createHash("sha256");
  let remoteBytes = 0;
  const openTaker = () => {
    hash = createHash("sha256");
    remoteBytes = 0;
    return (piece: Uint8Array): boolean => {
      hash.update(piece);
      remoteBytes += piece.length;
      return remoteBytes <= bytes; // more than here is different, and may never end
    };
  };
  const answer = await client.send({ method: "GET", url, fields: [], ownFields, openTaker });
  if (answer instanceof ClientFailure) return answer;
  if (answer.status !== 200) return refusalOf(answer);
  if (isCoded(answer)) {
    const message = "the server sends a coding of it only, and no digest";
    return new ClientFailure("answerUnknown", message, { status: answer.status });
  }
  const known = { file, url: answer.url.href, bytes };
  if (remoteBytes !== bytes) {
    const counted = remoteBytes > bytes ? null : remoteBytes;
    return {
      ...known,
      remoteBytes: counted,
      same: false,
      by: "size",
      sha256: null,
      remoteSha256: null,
    };
  }
  const remoteSha256 = hash.digest("hex");
  const sha256 = await sha256OfFile(file);
  if (sha256 instanceof ClientFailure) return sha256;
  const same = sha256 === remoteSha256;
  return { ...known, remoteBytes, same, by: "content", sha256, remoteSha256 };
}

async function sizeOf(file: string): Promise<number | ClientFailure> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    const why = errorInWords(error as Error);
    return new ClientFailure("fileUnreadable", `can't read ${file}: ${why}`);
  }
}

function isCoded({ fields }: AnswerFrom): boolean {
  return !["identity", null].includes(fields.get("content-encoding"));
}

function sizeIn(head: AnswerFrom): number | null {
  const length = head.fields.get("content-length");
  return length === null || isCoded(head) ? null : Number(length); // digits: the parser checked
}

// What `upload` and `verify` have in common: files and a URL behind them, fields, and how a result
// is told.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { FieldList } from "../base/failure.ts";
import { ClientFailure, Place } from "../client/index.ts";
import { printable, withEscapes } from "../config/index.ts";
import { UsageError } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface TransferOptions {
  readonly header?: readonly string[];
  readonly json?: boolean;
}

export interface Transfer {
  readonly files: readonly string[];
  readonly place: Place;
  readonly fields: FieldList;
}

/** What frames a message, or waits for its go-ahead, is the client's to write. */
const CLIENTS = /^(?:connection|content-length|expect|te|trailer|transfer-encoding|upgrade)$/i;
const FIELD =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*((?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?)[ \t]*$/;

/** Throws a UsageError for what can't be meant, before anything is sent. */
export async function transferOf(
  args: readonly string[],
  { header = [] }: TransferOptions,
): Promise<Transfer> {
  const files = args.slice(0, -1);
  const last = args.at(-1) ?? "";
  const place = Place.parse(last);
  // A URL may hold a password: it is not repeated.
  if (place === null && /^https?:/i.test(last)) throw new UsageError("the URL is malformed");
  if (place === null) throw new UsageError(`${JSON.stringify(last)} is no http: or https: URL`);
  if (files.length === 0) throw new UsageError("name a file, and the URL behind it");
  for (const file of files) await checkFile(file);
  return { files, place, fields: header.map(fieldOf) };
}

/** Several files need names of their own at the other end. */
export function checkNames({ files, place }: Transfer, hint: string): void {
  if (files.length > 1 && !place.isFolder) {
    throw new UsageError(`several files go to a URL that ends in "/"${hint}`);
  }
  const names = new Map<string, string>();
  for (const file of files) {
    const other = names.get(basename(file));
    if (other !== undefined) {
      throw new UsageError(`${other} and ${file} would have the same name there`);
    }
    names.set(basename(file), file);
  }
}

/** Failures whose message has the file's name in it. */
const SAYS_WHICH: ReadonlySet<string> = new Set(["digestDiffers", "fileChanged", "fileUnreadable"]);

/** Tells it on standard error, and on standard output for programs. */
export function tellFailure(
  file: string,
  failure: ClientFailure,
  { json = false }: TransferOptions,
  terminal: Terminal,
): void {
  const { code, message, status, digests } = failure;
  const both = digests === null ? {} : { sha256: digests.here, remoteSha256: digests.there };
  if (json) terminal.out(jsonLine({ file, ok: false, code, message, status, ...both }));
  const about = SAYS_WHICH.has(code) ? "" : `${file}: `;
  terminal.err(`portico: ${printable(`${about}${message}`)}\n`);
}

/** Without a connection for one file there is none for the next. */
export function isHopeless(result: unknown): result is ClientFailure {
  return result instanceof ClientFailure && result.code === "unreachable";
}

export function tellUntried(count: number, terminal: Terminal): void {
  if (count > 0) terminal.err(`portico: ${count} more not tried\n`);
}

export function jsonLine(value: unknown): string {
  return `${withEscapes(JSON.stringify(value))}\n`;
}

function fieldOf(text: string): readonly [string, string] {
  const match = FIELD.exec(text);
  // It may be a secret: it is not repeated.
  if (match === null) throw new UsageError("-H takes 'NAME: VALUE', in ASCII characters");
  const [, name = "", value = ""] = match;
  if (CLIENTS.test(name)) throw new UsageError(`-H: ${name} is not to be chosen`);
  return [name, value];
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "" : ` (${error.code})`;
    throw new UsageError(`there is no file ${JSON.stringify(file)}${why}`);
  });
  if (found.isDirectory()) {
    throw new UsageError(`${JSON.stringify(file)} is a folder; name the files in it`);
  }
  if (!found.isFile()) throw new UsageError(`${JSON.stringify(file)} is no plain file`);
}

// A temporary folder behind a handler, asked without a connection: what the handler answers is
// read as the driver would, and every file that it held open is given back.
import { readlinkSync, readdirSync, readSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { systemClock } from "../base/clock.ts";
import {
  FileSlice,
  releaseBody,
  Reply,
  Segments,
  type Answer,
  type Handler,
  type ReplyBody,
} from "../http/exchange/index.ts";
import type { RoomContext } from "../http/room.ts";
import { OpenFileCache } from "../storage/index.ts";
import { exchangeOf } from "./exchange.ts";
import { roomContext } from "./room-context.ts";

/** An answer, read to its end. */
export interface Seen {
  readonly status: number;
  readonly text: string;
  /** The field's only value; undefined where there is none. */
  field(name: string): string | undefined;
}

export class ServedFolder {
  readonly folder: string;
  /** The targets that the handler sent requests on to. */
  readonly sentOn: string[] = [];
  readonly #files = new OpenFileCache({ clock: systemClock });
  readonly #handler: Handler;

  constructor(
    folder: string,
    make: (folder: string, context: RoomContext) => Handler,
    claimedSuffixes: readonly string[] = [],
  ) {
    this.folder = folder;
    const context = roomContext({ files: this.#files, claimedSuffixes });
    this.#handler = make(folder, context);
  }

  /** Asks under a route "/*". What comes may hold files: see `release`. */
  answer(
    target: string,
    fields: Readonly<Record<string, string>> = {},
    method = "GET",
  ): ReturnType<Handler> {
    const exchange = exchangeOf({
      method,
      target,
      fields,
      dispatch: (sent) => {
        this.sentOn.push(sent.query === "" ? sent.rawPath : `${sent.rawPath}?${sent.query}`);
        sent.prefixLength = 1;
        return this.#handler(sent);
      },
    });
    return this.#handler(exchange);
  }

  /** The answer, whose files are given back. */
  async ask(target: string, fields?: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await this.answer(target, fields);
    this.release(answer);
    return answer;
  }

  /** The answer with its content; a failure is none. */
  async get(target: string, fields?: Readonly<Record<string, string>>): Promise<Seen> {
    const answer = await this.answer(target, fields);
    if (!(answer instanceof Reply)) throw new Error(`${target}: ${answer.code}`);
    const text = Buffer.concat(piecesOf(answer.body)).toString();
    this.release(answer);
    const values = (name: string) =>
      answer.fields.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
    const field = (name: string) => {
      const [value, another] = values(name);
      if (another !== undefined) throw new Error(`${name} is there twice`);
      return value;
    };
    return { status: answer.status, text, field };
  }

  release(answer: Answer): void {
    if (answer instanceof Reply) releaseBody(answer.body);
  }

  /** Sets the time of `name` to `seconds` since 1970. */
  async touch(name: string, seconds: number): Promise<void> {
    await utimes(join(this.folder, name), seconds, seconds);
  }

  /** Writes an empty file whose name may be no UTF-8. */
  async writeRaw(name: Uint8Array): Promise<void> {
    await writeFile(Buffer.concat([Buffer.from(`${this.folder}/`), name]), "");
  }

  /** Removes the folder. A file of it that is still open was never given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#files.close();
    const open = openPaths().filter((path) => path.startsWith(`${this.folder}/`));
    await rm(this.folder, { recursive: true });
    if (open.length > 0) throw new Error(`left open: ${open.join(", ")}`);
  }
}

/** A folder with `files` in it, behind the handler that `make` makes. */
export async function servedFolder(
  files: Readonly<Record<string, string>>,
  make: (folder: string, context: RoomContext) => Handler,
  claimedSuffixes: readonly string[] = [],
): Promise<ServedFolder> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "portico-served-")));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return new ServedFolder(folder, make, claimedSuffixes);
}

function piecesOf(body: ReplyBody): Uint8Array[] {
  if (body === null) return [];
  if (body instanceof Uint8Array) return [body];
  if (body instanceof Segments) return body.parts.flatMap((part) => piecesOf(part));
  if (!(body instanceof FileSlice)) throw new Error("a stream is read otherwise");
  const { file, offset, length } = body;
  if (file.bytes !== null) return [file.bytes.subarray(offset, offset + length)];
  const bytes = new Uint8Array(body.length);
  readSync(body.file.fd, bytes, 0, body.length, body.offset);
  return [bytes];
}

/** Where what this process has open lies. */
export function openPaths(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch (error) {
      // The descriptor that the folder was read by is closed by now.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
}

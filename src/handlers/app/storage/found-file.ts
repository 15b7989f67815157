// A file that an app's storage has.
import { FileSlice, Segments, type Reply } from "../../../http/exchange/index.ts";
import { HeaderFields } from "../../../http/header-fields.ts";
import { replyWithStored } from "../../../http/incoming/index.ts";
import { mediaTypeOf, type FileRequest } from "../../../http/representation/index.ts";
import { orRefused } from "../app-refused.ts";
import type { OpenFile, Store } from "../../../storage/index.ts";
import { streamOfBody } from "./file-body.ts";

/** Where a file is found again. */
export interface FoundIn {
  readonly store: Store;
  /** The file as it is now, retained. Throws `Refused`: `notFound`, where it is gone. */
  open(name: string): Promise<OpenFile>;
  nowMs(): number;
}

/** As it was when it was asked for; no descriptor is held for it. */
export class FoundFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The media type, by its name. */
  readonly type: string;
  readonly modified: Date;
  readonly #where: FoundIn;

  constructor(name: string, { size, mtimeMs }: OpenFile, where: FoundIn) {
    this.name = name;
    this.size = size;
    this.type = mediaTypeOf(name);
    this.modified = new Date(mtimeMs);
    this.#where = where;
  }

  /** Its content, opened when the first piece is asked for. */
  stream(): ReadableStream<Uint8Array> {
    let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
    return new ReadableStream(
      {
        pull: async (controller) => {
          if (reader === null) {
            const file = await this.#where.open(this.name);
            reader = streamOfBody(new FileSlice(file, 0, file.size)).getReader();
          }
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader?.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /**
   * Answers `request` with it, as an upload route does: with validators, ranges and preconditions
   * of GET and HEAD, and so that it can't attack who looks at it. To another method, and left out,
   * it is the whole file. What preconditions and ranges refuse is thrown as `Refused`.
   */
  async response(request?: Request): Promise<Response> {
    const file = await this.#where.open(this.name);
    const asked = fileRequest(request, this.#where.nowMs());
    const reply = orRefused(await replyWithStored(this.#where.store, this.name, file, asked));
    const { status, fields, body } = reply;
    const headers = fields.map(([name, value]): [string, string] => [name, value]);
    return new Response(isOfFile(body) ? streamOfBody(body) : null, { status, headers });
  }
}

function isOfFile(body: Reply["body"]): body is FileSlice | Segments {
  return body instanceof FileSlice || body instanceof Segments;
}

function fileRequest(request: Request | undefined, receivedMs: number): FileRequest {
  const isRead = request?.method === "GET" || request?.method === "HEAD";
  if (!isRead) return { method: "GET", fields: new HeaderFields(new Headers()), receivedMs };
  return { method: request.method, fields: new HeaderFields(request.headers), receivedMs };
}

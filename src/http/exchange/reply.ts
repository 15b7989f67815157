// What a handler answers: a value. Framing (Content-Length, chunked, close), Date and Connection
// are the driver's; a handler that names them is overruled.
import type { FieldList } from "../../base/failure.ts";
import type { OpenFile } from "../../storage/index.ts";
import type { PushStream } from "./push-stream.ts";
import { Takeover } from "./takeover.ts";

/** A piece of an open file: `length` bytes from `offset`. */
export class FileSlice {
  readonly file: OpenFile;
  readonly offset: number;
  readonly length: number;

  constructor(file: OpenFile, offset: number, length: number) {
    this.file = file;
    this.offset = offset;
    this.length = length;
  }
}

/** A body of known length made of bytes and file slices, as for multipart/byteranges. */
export class Segments {
  readonly parts: readonly (Uint8Array | FileSlice)[];
  readonly length: number;

  constructor(parts: readonly (Uint8Array | FileSlice)[]) {
    this.parts = parts;
    this.length = parts.reduce((sum, part) => sum + part.length, 0);
  }
}

/** A body whose bytes come as they are made. With `length` it is checked, without it is chunked. */
export class ByteStream {
  readonly source: AsyncIterable<Uint8Array>;
  readonly length: number | null;

  constructor(source: AsyncIterable<Uint8Array>, length: number | null = null) {
    this.source = source;
    this.length = length;
  }
}

/** Text goes out as UTF-8. */
export type ReplyBody =
  | null
  | string
  | Uint8Array
  | FileSlice
  | Segments
  | ByteStream
  | PushStream
  | Takeover;

/**
 * An answer: status (RFC 9110 §15), fields and body. Never changed once made, so that one may be
 * given again and again; a file slice in it is then to be retained each time.
 */
export class Reply {
  readonly status: number;
  readonly fields: FieldList;
  readonly body: ReplyBody;
  /** The driver's own: what it made of this reply when it was written before. */
  written: object | null = null;

  constructor(status: number, fields: FieldList = [], body: ReplyBody = null) {
    this.status = status;
    this.fields = fields;
    this.body = body;
  }

  /** The same answer with more fields, behind those it has. */
  withFields(fields: FieldList): Reply {
    return new Reply(this.status, [...this.fields, ...fields], this.body);
  }
}

/**
 * Gives back what `body` holds: each file slice counts once in its file's `release`, and who wanted
 * to take over is told.
 */
export function releaseBody(body: ReplyBody): void {
  if (body instanceof FileSlice) body.file.release();
  else if (body instanceof Takeover) body.refused();
  else if (body instanceof Segments) {
    for (const part of body.parts) if (part instanceof FileSlice) part.file.release();
  }
}

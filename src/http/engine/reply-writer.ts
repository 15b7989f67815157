// The driver: alone writes answers, and alone decides their framing (RFC 9112 §6), Date, Connection
// and what goes out for HEAD, 204 and 304. A handler cannot break any of it.
import type { FieldList } from "../../base/failure.ts";
import { LAST_CHUNK, encodeChunkHead, encodeResponseHead } from "../../protocol/index.ts";
import { readSlice } from "../../storage/index.ts";
import { ByteStream, FileSlice, Segments, releaseBody, type Reply } from "../exchange/index.ts";
import type { Output } from "./output.ts";

const FILE_BLOCK_BYTES = 64 * 1024;
const BLOCKS_KEPT_MAX = 64;
const CRLF = Buffer.from("\r\n");
const OWN_FIELDS = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
]);

/** How a reply went out. `whole` false: the connection must be closed, the client has less. */
export interface Written {
  readonly bodyBytes: number;
  readonly whole: boolean;
  /** Where `whole` is false for a reason that is ours to log. */
  readonly error?: Error;
}

/** What the driver must know of the request and the connection. */
export interface WriteTerms {
  readonly method: string;
  readonly minorVersion: number;
  readonly date: string;
  /** The connection goes on behind this answer, if its framing allows. */
  readonly keepAlive: boolean;
  readonly extraFields: FieldList;
}

/** How a reply is framed: its Content-Length, whether it is chunked, whether it has a body. */
export interface Framing {
  readonly length: number | null;
  readonly chunked: boolean;
  readonly hasBody: boolean;
  readonly keepAlive: boolean;
}

/** RFC 9112 §6.3, from the sender's side. */
export function framingOf(reply: Reply, terms: WriteTerms): Framing {
  const { body, status } = reply;
  const length = body === null ? 0 : body.length;
  if (status === 204 || status === 304 || status < 200) {
    return { length: null, chunked: false, hasBody: false, keepAlive: terms.keepAlive };
  }
  if (terms.method === "HEAD") {
    return { length, chunked: false, hasBody: false, keepAlive: terms.keepAlive };
  }
  if (length !== null) {
    return { length, chunked: false, hasBody: length > 0, keepAlive: terms.keepAlive };
  }
  // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
  const chunked = terms.minorVersion > 0;
  return { length: null, chunked, hasBody: true, keepAlive: terms.keepAlive && chunked };
}

/** Writes answers to one connection. */
export class ReplyWriter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Tells a client that waits with its body to go on (RFC 9110 §10.1.1). */
  writeContinue(): void {
    this.#output.push(Buffer.from("HTTP/1.1 100 Continue\r\n\r\n"));
    this.#output.flush();
  }

  /** Writes `reply`; a promise only where its body has to be waited for. */
  write(reply: Reply, terms: WriteTerms, framing: Framing): Written | Promise<Written> {
    this.#output.push(headOf(reply, terms, framing));
    const { body } = reply;
    if (!framing.hasBody || body === null) {
      releaseBody(body);
      return body instanceof ByteStream ? this.#abandon(body) : { bodyBytes: 0, whole: true };
    }
    if (body instanceof Uint8Array) {
      this.#output.push(body);
      return { bodyBytes: body.length, whole: true };
    }
    if (body instanceof FileSlice && body.file.bytes !== null) return this.#pushCached(body);
    if (body instanceof ByteStream) return this.#stream(body, framing.chunked);
    return this.#parts(body instanceof Segments ? body.parts : [body]);
  }

  #pushCached(slice: FileSlice): Written {
    this.#output.push(slice.file.bytes!.subarray(slice.offset, slice.offset + slice.length));
    slice.file.release();
    return { bodyBytes: slice.length, whole: true };
  }

  async #abandon(stream: ByteStream): Promise<Written> {
    await stream.source[Symbol.asyncIterator]().return?.();
    return { bodyBytes: 0, whole: true };
  }

  async #parts(parts: readonly (Uint8Array | FileSlice)[]): Promise<Written> {
    let bodyBytes = 0;
    let outcome: Written | null = null;
    for (const part of parts) {
      if (part instanceof FileSlice) {
        // Every slice holds its file: those behind a failure are given back unread.
        if (outcome === null) {
          const sent = await this.#file(part);
          bodyBytes += sent.bodyBytes;
          if (!sent.whole) outcome = { ...sent, bodyBytes };
        }
        part.file.release();
      } else if (outcome === null) {
        this.#output.push(part);
        bodyBytes += part.length;
      }
    }
    return outcome ?? { bodyBytes, whole: true };
  }

  async #file({ file, offset, length }: FileSlice): Promise<Written> {
    const block = takeBlock();
    let done = 0;
    try {
      while (done < length) {
        const wanted = Math.min(block.length, length - done);
        const got = await readSlice(file, offset + done, wanted, block);
        // The file became shorter after its length was told: the rest can't be made up.
        if (got === 0) return { bodyBytes: done, whole: false, error: shrunk(file.path) };
        if (!(await this.#output.send(block.subarray(0, got)))) {
          return { bodyBytes: done, whole: false };
        }
        done += got;
      }
      return { bodyBytes: done, whole: true };
    } catch (error) {
      return { bodyBytes: done, whole: false, error: asError(error) };
    } finally {
      giveBlock(block);
    }
  }

  async #stream(body: ByteStream, chunked: boolean): Promise<Written> {
    let bodyBytes = 0;
    try {
      for await (const piece of body.source) {
        if (piece.length === 0) continue; // an empty chunk would end the body
        if (body.length !== null && bodyBytes + piece.length > body.length) {
          return { bodyBytes, whole: false, error: new Error("a body longer than its length") };
        }
        if (!(await this.#sendPiece(piece, chunked))) return { bodyBytes, whole: false };
        bodyBytes += piece.length;
      }
    } catch (error) {
      return { bodyBytes, whole: false, error: asError(error) };
    }
    if (body.length !== null && bodyBytes < body.length) {
      return { bodyBytes, whole: false, error: new Error("a body shorter than its length") };
    }
    if (chunked) this.#output.push(Buffer.from(LAST_CHUNK, "latin1"));
    return { bodyBytes, whole: true };
  }

  #sendPiece(piece: Uint8Array, chunked: boolean): Promise<boolean> {
    if (!chunked) return this.#output.send(piece);
    this.#output.push(Buffer.from(encodeChunkHead(piece.length), "latin1"));
    this.#output.push(piece);
    return this.#output.send(CRLF);
  }
}

function headOf(reply: Reply, terms: WriteTerms, framing: Framing): Buffer {
  const fields: [string, string][] = [["Date", terms.date]];
  for (const [name, value] of reply.fields) {
    if (!OWN_FIELDS.has(name.toLowerCase())) fields.push([name, value]);
  }
  for (const [name, value] of terms.extraFields) fields.push([name, value]);
  if (framing.length !== null) fields.push(["Content-Length", String(framing.length)]);
  if (framing.chunked) fields.push(["Transfer-Encoding", "chunked"]);
  if (!framing.keepAlive) fields.push(["Connection", "close"]);
  else if (terms.minorVersion === 0) fields.push(["Connection", "keep-alive"]);
  return Buffer.from(encodeResponseHead({ status: reply.status, fields }), "latin1");
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function shrunk(path: string): Error {
  return new Error(`${path} became shorter while it was sent`);
}

const blocks: Buffer[] = [];

function takeBlock(): Buffer {
  return blocks.pop() ?? Buffer.allocUnsafeSlow(FILE_BLOCK_BYTES);
}

function giveBlock(block: Buffer): void {
  if (blocks.length < BLOCKS_KEPT_MAX) blocks.push(block);
}

// The driver: alone writes answers, with what their framing asks for. Bytes that are there go out
// in the same turn; files go out in bursts or blocks (file-sender.ts), streams piece by piece, each
// waited for.
import { LAST_CHUNK, encodeChunkHead } from "../../protocol/index.ts";
import { ByteStream, FileSlice, Segments, releaseBody, type Reply } from "../exchange/index.ts";
import { FileSender, type Written } from "./file-sender.ts";
import { headOf, type Framing, type WriteTerms } from "./framing.ts";
import type { Output } from "./output.ts";
import { ReadyHead } from "./ready-head.ts";
import { abandon } from "./turn.ts";

/** In the place of a ready head, until a reply is written again. */
const WRITTEN_ONCE = {};
const CRLF = Buffer.from("\r\n");

export type { Written };

/** Writes answers to one connection, one at a time. */
export class ReplyWriter {
  /** What of the body under way, or of the last one, was written. */
  bodyBytes = 0;
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Tells a client that waits with its body to go on (RFC 9110 §10.1.1). */
  writeContinue(): void {
    this.#output.push(Buffer.from("HTTP/1.1 100 Continue\r\n\r\n"));
    this.#output.flush();
  }

  /**
   * Writes `reply`; a promise only where its body has to be waited for. Throws, with nothing
   * written, where a field is none that HTTP can carry.
   */
  write(reply: Reply, terms: WriteTerms, framing: Framing): Written | Promise<Written> {
    this.#pushHead(reply, terms, framing);
    this.bodyBytes = 0;
    const { body } = reply;
    if (!framing.hasBody || body === null) {
      releaseBody(body);
      if (body instanceof ByteStream) void abandon(body);
      return "whole";
    }
    if (body instanceof Uint8Array) return this.#push(body);
    if (body instanceof ByteStream) return this.#stream(body, framing.chunked);
    if (body instanceof Segments) return this.#parts(body.parts);
    return body.file.bytes === null ? this.#file(body) : this.#pushCached(body);
  }

  // What is written a second time will be written again: a file's answer, a route's constant one.
  #pushHead(reply: Reply, terms: WriteTerms, framing: Framing): void {
    const isUsual =
      framing.keepAlive &&
      terms.minorVersion > 0 &&
      terms.extraFields.length === 0 &&
      !(reply.body instanceof ByteStream);
    if (isUsual && reply.written instanceof ReadyHead) {
      this.#output.pushHead(reply.written, terms.date);
      return;
    }
    const head = headOf(reply, terms, framing);
    if (isUsual) {
      reply.written = reply.written === null ? WRITTEN_ONCE : new ReadyHead(head, terms.date);
    }
    this.#output.pushText(head);
  }

  #push(bytes: Uint8Array): "whole" {
    this.#output.push(bytes);
    this.bodyBytes += bytes.length;
    return "whole";
  }

  #pushCached({ file, offset, length }: FileSlice): "whole" {
    const bytes = file.bytes!;
    this.#push(length === bytes.length ? bytes : bytes.subarray(offset, offset + length));
    file.release();
    return "whole";
  }

  async #parts(parts: readonly (Uint8Array | FileSlice)[]): Promise<Written> {
    let written: Written = "whole";
    for (const part of parts) {
      if (part instanceof FileSlice) {
        // Every slice holds its file: those behind a failure are given back unread.
        if (written === "whole") written = await this.#file(part);
        else part.file.release();
      } else if (written === "whole") this.#push(part);
    }
    return written;
  }

  /** Sends a slice, and gives its file back. */
  #file(slice: FileSlice): Written | Promise<Written> {
    const { file } = slice;
    let written: Written | Promise<Written>;
    try {
      written = new FileSender(this.#output, slice, (bytes) => (this.bodyBytes += bytes)).send();
    } catch (error) {
      written = asError(error);
    }
    if (written instanceof Promise) return written.catch(asError).finally(() => file.release());
    file.release();
    return written;
  }

  async #stream({ source, length }: ByteStream, chunked: boolean): Promise<Written> {
    try {
      for await (const piece of source) {
        if (piece.length === 0) continue; // an empty chunk would end the body
        if (length !== null && this.bodyBytes + piece.length > length) {
          return new Error("a body longer than its length");
        }
        if (!(await this.#sendPiece(piece, chunked))) return "cut";
        this.bodyBytes += piece.length;
      }
    } catch (error) {
      return asError(error);
    }
    if (length !== null && this.bodyBytes < length) {
      return new Error("a body shorter than its length");
    }
    if (chunked) this.#output.push(Buffer.from(LAST_CHUNK, "latin1"));
    return "whole";
  }

  #sendPiece(piece: Uint8Array, chunked: boolean): Promise<boolean> {
    if (!chunked) return this.#output.send(piece);
    this.#output.push(Buffer.from(encodeChunkHead(piece.length), "latin1"));
    this.#output.push(piece);
    return this.#output.send(CRLF);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

// The driver: alone writes answers, with what their framing asks for. Bytes that are there go out
// in the same turn; files are read block by block, streams piece by piece, each waited for.
import { LAST_CHUNK, encodeChunkHead } from "../../protocol/index.ts";
import { readSlice } from "../../storage/index.ts";
import { ByteStream, FileSlice, Segments, releaseBody, type Reply } from "../exchange/index.ts";
import { headOf, type Framing, type WriteTerms } from "./framing.ts";
import type { Output } from "./output.ts";
import { ReadyHead } from "./ready-head.ts";
import { abandon } from "./turn.ts";

const FILE_BLOCK_BYTES = 64 * 1024;
const BLOCKS_KEPT_MAX = 64;
/** In the place of a ready head, until a reply is written again. */
const WRITTEN_ONCE = {};
const CRLF = Buffer.from("\r\n");

/** How a reply went out: whole, not since the client left, or not for a reason that is ours. */
export type Written = "whole" | "cut" | Error;

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
    if (body instanceof FileSlice && body.file.bytes !== null) return this.#pushCached(body);
    return this.#parts(body instanceof Segments ? body.parts : [body]);
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
      if (!(part instanceof FileSlice)) {
        if (written === "whole") this.#push(part);
        continue;
      }
      // Every slice holds its file: those behind a failure are given back unread.
      if (written === "whole") written = await this.#file(part);
      part.file.release();
    }
    return written;
  }

  async #file({ file, offset, length }: FileSlice): Promise<Written> {
    const block = takeBlock();
    try {
      for (let done = 0; done < length;) {
        const wanted = Math.min(block.length, length - done);
        const got = await readSlice(file, offset + done, wanted, block);
        // The file became shorter after its length was told: the rest can't be made up.
        if (got === 0) return new Error(`${file.path} became shorter while it was sent`);
        done += got;
        // Without its last block a mixture of two states never looks whole.
        if (done === length && file.isOverwritten()) {
          return new Error(`${file.path} was written over while it was sent`);
        }
        if (!(await this.#output.send(block.subarray(0, got)))) return "cut";
        this.bodyBytes += got;
      }
      return "whole";
    } catch (error) {
      return asError(error);
    } finally {
      giveBlock(block);
    }
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

const blocks: Buffer[] = [];

function takeBlock(): Buffer {
  return blocks.pop() ?? Buffer.allocUnsafeSlow(FILE_BLOCK_BYTES);
}

function giveBlock(block: Buffer): void {
  if (blocks.length < BLOCKS_KEPT_MAX) blocks.push(block);
}

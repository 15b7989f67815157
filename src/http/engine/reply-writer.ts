// The driver: alone writes answers, with what their framing asks for. Bytes that are there go out
// in the same turn; files go out in bursts or blocks (file-sender.ts), streams piece by piece
// (stream-sender.ts), each waited for.
import {
  ByteStream,
  FileSlice,
  PushStream,
  releaseBody,
  Segments,
  Takeover,
  type Reply,
} from "../exchange/index.ts";
import { FileSender } from "./file-sender.ts";
import { headOf, type Framing, type WriteTerms } from "./framing.ts";
import type { Output } from "./output.ts";
import { PushSender } from "./push-sender.ts";
import { ReadyHead } from "./ready-head.ts";
import { ReadyHeads } from "./ready-heads.ts";
import { StreamSender } from "./stream-sender.ts";
import { abandon } from "./turn.ts";
import { asError, type Written } from "./written.ts";

/** Of all connections of this thread. */
const HEADS = new ReadyHeads();
const NO_LENGTH = -1;

/** In the place of a ready head, until a reply is written again. */
const WRITTEN_ONCE = {};

export type { Written };

/** Writes answers to one connection, one at a time. */
export class ReplyWriter {
  /** What of the body under way, or of the last one, was written. */
  bodyBytes = 0;
  /** Of the body under way only the connection's end is the end: a cut must look otherwise. */
  endsByClose = false;
  /** Where somebody pushes into the body under way, or pushed into the last one. */
  pushing: PushSender | null = null;
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
    this.pushing = null;
    this.endsByClose = framing.hasBody && framing.length === null && !framing.chunked;
    const { body } = reply;
    if (body instanceof Takeover) return body;
    if (!framing.hasBody || body === null) {
      releaseBody(body);
      if (body instanceof ByteStream) void abandon(body);
      return "whole";
    }
    if (typeof body === "string") return this.#pushText(body, framing.length!);
    if (body instanceof Uint8Array) return this.#push(body);
    if (body instanceof ByteStream) {
      return new StreamSender(this.#output, body, framing.chunked, this.#count).send();
    }
    if (body instanceof PushStream) {
      this.pushing = new PushSender(this.#output, framing.chunked, this.#count);
      return this.pushing.send(body);
    }
    if (body instanceof Segments) return this.#parts(body.parts);
    return body.file.bytes === null ? this.#file(body) : this.#pushCached(body);
  }

  get #count(): (bytes: number) => void {
    return (bytes) => void (this.bodyBytes += bytes);
  }

  // What is written a second time will be written again: a file's answer, a route's constant one.
  #pushHead(reply: Reply, terms: WriteTerms, framing: Framing): void {
    const isUsual =
      framing.keepAlive &&
      terms.minorVersion > 0 &&
      terms.extraFields.length === 0 &&
      isKept(reply.body);
    if (isUsual && reply.written instanceof ReadyHead) {
      this.#output.pushHead(reply.written, terms.date);
      return;
    }
    const { status, fields } = reply;
    const { date } = terms;
    const length = framing.length ?? NO_LENGTH;
    const ready = isUsual ? HEADS.find(status, length, fields) : null;
    if (ready !== null) {
      this.#output.pushHead(ready, date);
      return;
    }
    const head = headOf(reply, terms, framing);
    if (isUsual) {
      HEADS.note(status, length, fields, head, date);
      reply.written = reply.written === null ? WRITTEN_ONCE : new ReadyHead(head, date);
    }
    this.#output.pushText(head);
  }

  #push(bytes: Uint8Array): "whole" {
    this.#output.push(bytes);
    this.bodyBytes += bytes.length;
    return "whole";
  }

  #pushText(text: string, bytes: number): "whole" {
    this.#output.pushUtf8(text, bytes);
    this.bodyBytes += bytes;
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
}

/** Streams and connections are answered once. */
function isKept(body: Reply["body"]): boolean {
  const isOnce =
    body instanceof ByteStream || body instanceof PushStream || body instanceof Takeover;
  return !isOnce;
}

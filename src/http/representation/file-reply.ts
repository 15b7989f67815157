// The answer made of an open file: preconditions, then ranges, then the whole (RFC 9110 §13, §14).
// Every handler that answers with a file answers by this.
import { randomBytes } from "node:crypto";
import { Failure, type FieldList } from "../../base/failure.ts";
import type { OpenFile } from "../../storage/index.ts";
import { FileSlice, Reply, Segments, type Answer, type Exchange } from "../exchange/index.ts";
import { strongMatch } from "./entity-tags.ts";
import { formatHttpDate, parseHttpDate } from "./http-date.ts";
import { evaluatePreconditions } from "./preconditions.ts";
import { parseRange, type ByteRange } from "./ranges.ts";

/** What of a request an answer with a file depends on. */
export type FileRequest = Pick<Exchange, "method" | "fields" | "receivedMs">;

/** What the handler knows of the representation beside the file. */
export interface FileReplyOptions {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly vary?: string;
  readonly cacheControl?: string;
  /** Content-Disposition. */
  readonly disposition?: string;
  /** Told with content only: not by a 304. */
  readonly extra?: FieldList;
}

/** Answers a GET or HEAD with `file`, whose reference is taken over. */
export function replyWithFile(
  request: FileRequest,
  file: OpenFile,
  options: FileReplyOptions,
): Answer {
  return new FileReplies(file, options).answer(request);
}

/** A file's answers under the same options. Most are one of two, which are made once. */
export class FileReplies {
  readonly #file: OpenFile;
  readonly #options: FileReplyOptions;
  #whole: Reply | null = null;
  #notModified: Reply | null = null;

  constructor(file: OpenFile, options: FileReplyOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** Answers a GET or HEAD. A reference of the file's is taken over each time. */
  answer(request: FileRequest): Answer {
    const file = this.#file;
    const { method, fields, receivedMs } = request;
    const outcome = evaluatePreconditions(method, fields, file, receivedMs);
    if (outcome === "proceed") return this.#selected(request);
    file.release();
    if (outcome === "preconditionFailed") return new Failure("preconditionFailed");
    if (file.mtimeMs > receivedMs) return this.#madeNotModified(receivedMs);
    this.#notModified ??= this.#madeNotModified(receivedMs);
    return this.#notModified;
  }

  #selected(request: FileRequest): Answer {
    const file = this.#file;
    const { method, receivedMs } = request;
    const ranges = method === "GET" ? rangesFor(request, file, this.#options) : null;
    if (ranges === null) {
      if (file.mtimeMs > receivedMs) return this.#madeWhole(receivedMs);
      this.#whole ??= this.#madeWhole(receivedMs);
      return this.#whole;
    }
    if (ranges === "unsatisfiable") {
      file.release();
      const whole = `bytes */${file.size}`;
      return new Failure("rangeNotSatisfiable", "", [["Content-Range", whole]]);
    }
    const { contentType } = this.#options;
    const always = fieldsAlways(file, this.#options, receivedMs);
    const more = fieldsOfContent(this.#options);
    const [first] = ranges;
    if (ranges.length === 1) return partReply(file, first!, always, more, contentType);
    return partsReply(file, ranges, always, more, contentType);
  }

  #madeNotModified(nowMs: number): Reply {
    return new Reply(304, fieldsAlways(this.#file, this.#options, nowMs));
  }

  #madeWhole(nowMs: number): Reply {
    const always = fieldsAlways(this.#file, this.#options, nowMs);
    const more = fieldsOfContent(this.#options);
    return wholeReply(this.#file, always, more, this.#options.contentType);
  }
}

/** What a 304 says too (§15.4.5). */
function fieldsAlways(file: OpenFile, options: FileReplyOptions, nowMs: number): FieldList {
  // A file from the future was changed now, as far as anybody can tell (§8.8.2.1).
  const lastModified = file.mtimeMs > nowMs ? formatHttpDate(nowMs) : file.lastModified;
  const fields: [string, string][] = [
    ["ETag", file.etag],
    ["Last-Modified", lastModified],
  ];
  if (options.cacheControl !== undefined) fields.push(["Cache-Control", options.cacheControl]);
  if (options.vary !== undefined) fields.push(["Vary", options.vary]);
  return fields;
}

function fieldsOfContent({ contentEncoding, disposition, extra }: FileReplyOptions): FieldList {
  const fields: [string, string][] = [["Accept-Ranges", "bytes"]];
  if (contentEncoding !== undefined) fields.push(["Content-Encoding", contentEncoding]);
  if (disposition !== undefined) fields.push(["Content-Disposition", disposition]);
  return extra === undefined ? fields : [...fields, ...extra];
}

function wholeReply(file: OpenFile, always: FieldList, more: FieldList, type: string): Reply {
  const body = new FileSlice(file, 0, file.size);
  return new Reply(200, [["Content-Type", type], ...always, ...more], body);
}

function partReply(
  file: OpenFile,
  range: ByteRange,
  always: FieldList,
  more: FieldList,
  type: string,
): Reply {
  const body = new FileSlice(file, range.offset, range.length);
  const fields = [
    ["Content-Type", type],
    ["Content-Range", contentRange(range, file)],
  ] as const;
  return new Reply(206, [...fields, ...always, ...more], body);
}

/** Several parts (§14.6): each slice of the file has a reference of its own. */
function partsReply(
  file: OpenFile,
  ranges: readonly ByteRange[],
  always: FieldList,
  more: FieldList,
  type: string,
): Reply {
  const boundary = randomBytes(15).toString("base64url");
  const parts = ranges.flatMap((range, at) => {
    const head =
      `${at === 0 ? "" : "\r\n"}--${boundary}\r\nContent-Type: ${type}\r\n` +
      `Content-Range: ${contentRange(range, file)}\r\n\r\n`;
    return [Buffer.from(head, "latin1"), new FileSlice(file.retain(), range.offset, range.length)];
  });
  file.release();
  const body = new Segments([...parts, Buffer.from(`\r\n--${boundary}--\r\n`, "latin1")]);
  const outer = `multipart/byteranges; boundary=${boundary}`;
  return new Reply(206, [["Content-Type", outer], ...always, ...more], body);
}

function contentRange({ offset, length }: ByteRange, { size }: OpenFile): string {
  return `bytes ${offset}-${offset + length - 1}/${size}`;
}

function rangesFor(
  request: FileRequest,
  file: OpenFile,
  { contentEncoding }: FileReplyOptions,
): ByteRange[] | "unsatisfiable" | null {
  const range = request.fields.get("range");
  if (range === null) return null;
  const condition = request.fields.get("if-range");
  if (condition !== null && !isCurrent(condition, file, request.receivedMs)) return null;
  const ranges = parseRange(range, file.size);
  // Content-Encoding on several parts would be taken for the coding of the envelope.
  const isMixed = Array.isArray(ranges) && ranges.length > 1 && contentEncoding !== undefined;
  return isMixed ? null : ranges;
}

// If-Range (§13.1.5). A date is only as good as a tag when nothing could have changed within its
// second: the file must be older than that when it is asked for (§8.8.2.2).
function isCurrent(condition: string, file: OpenFile, nowMs: number): boolean {
  if (condition.startsWith('"') || condition.startsWith("W/")) {
    return strongMatch(condition, file.etag);
  }
  const date = parseHttpDate(condition, nowMs);
  const changedMs = Math.floor(file.mtimeMs / 1000) * 1000;
  return date === changedMs && nowMs - changedMs >= 1000;
}

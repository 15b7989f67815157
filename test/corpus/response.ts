// Reads answers off a connection as a strict client would. It shares no code with the server: what
// both understood wrongly would pass unseen.
import type { RawConnection } from "../../src/testing/raw-connection.ts";

/** How long a server may say nothing. */
export const STALL_MS = 2000;

const HEAD_END = "\r\n\r\n";
const STATUS_LINE = /^HTTP\/1\.[01] [1-5]\d\d [\t\x20-\x7e\x80-\xff]*$/;
const FIELD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\0-\x08\n-\x1f\x7f]*?)[ \t]*$/;

/** The server's bytes are not a well-formed answer. */
export class Malformed extends Error {}
/** Nothing more came in time. */
export class Stalled extends Error {}

/** Text is latin1, a character a byte. */
export interface Response {
  readonly status: number;
  /** By lower-case name; several lines of a name joined by ", ". */
  readonly fields: Map<string, string>;
  readonly body: string;
}

/** The answers on one connection, one after the other. */
export class ResponseReader {
  readonly #connection: RawConnection;
  #at = 0;

  constructor(connection: RawConnection) {
    this.#connection = connection;
  }

  /** The next answer, or null when the server ended before its first byte. */
  async next(toHead = false, waitMs = STALL_MS): Promise<Response | null> {
    const block = await this.#head(waitMs);
    if (block === null) return null;
    const [first = "", ...lines] = block.split("\r\n");
    if (!STATUS_LINE.test(first)) throw new Malformed(`status line ${shown(first)}`);
    const status = Number(first.slice(9, 12));
    const fields = fieldsOf(lines);
    const { length, chunked } = framingOf(status, fields);
    const deadlineMs = performance.now() + STALL_MS;
    const joined = new Map([...fields].map(([name, values]) => [name, values.join(", ")]));
    const answer = (body: string): Response => ({ status, fields: joined, body });
    if (toHead || status < 200 || status === 204 || status === 304) return answer("");
    if (chunked) return answer(await this.#chunks(deadlineMs));
    if (length !== null) return answer(await this.#take(length, deadlineMs));
    return answer(await this.#rest(deadlineMs));
  }

  get #left(): number {
    return this.#connection.receivedBytes - this.#at;
  }

  /** Waits for more bytes. False: the server ended. */
  async #fill(deadlineMs: number): Promise<boolean> {
    const waitMs = Math.max(1, deadlineMs - performance.now());
    const came = await this.#connection.more(this.#connection.receivedBytes, waitMs);
    if (came === "stall") throw new Stalled();
    return came === "bytes";
  }

  async #head(waitMs: number): Promise<string | null> {
    const deadlineMs = performance.now() + waitMs;
    for (;;) {
      const { received } = this.#connection;
      const end = received.indexOf(HEAD_END, this.#at);
      if (end >= 0) {
        const block = received.toString("latin1", this.#at, end);
        this.#at = end + HEAD_END.length;
        return block;
      }
      if (await this.#fill(deadlineMs)) continue;
      if (this.#left === 0) return null;
      throw new Malformed(`not an answer: ${shown(received.toString("latin1", this.#at))}`);
    }
  }

  async #take(length: number, deadlineMs: number): Promise<string> {
    while (this.#left < length) {
      if (await this.#fill(deadlineMs)) continue;
      throw new Malformed(`closed ${length - this.#left} bytes before the end of the body`);
    }
    this.#at += length;
    return this.#connection.received.toString("latin1", this.#at - length, this.#at);
  }

  async #rest(deadlineMs: number): Promise<string> {
    while (await this.#fill(deadlineMs));
    return this.#take(this.#left, deadlineMs);
  }

  async #line(deadlineMs: number): Promise<string> {
    for (;;) {
      const { received } = this.#connection;
      const end = received.indexOf("\r\n", this.#at);
      if (end >= 0) {
        const line = received.toString("latin1", this.#at, end);
        this.#at = end + 2;
        return line;
      }
      if (!(await this.#fill(deadlineMs))) throw new Malformed("closed inside a chunked body");
    }
  }

  async #chunks(deadlineMs: number): Promise<string> {
    let body = "";
    for (;;) {
      const [digits = ""] = (await this.#line(deadlineMs)).split(";");
      if (!/^[\da-fA-F]+$/.test(digits)) throw new Malformed(`chunk size ${shown(digits)}`);
      const size = Number.parseInt(digits, 16);
      if (size === 0) break;
      body += await this.#take(size, deadlineMs);
      if ((await this.#take(2, deadlineMs)) !== "\r\n")
        throw new Malformed("no CRLF after a chunk");
    }
    while ((await this.#line(deadlineMs)) !== "");
    return body;
  }
}

function fieldsOf(lines: readonly string[]): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    const match = FIELD_LINE.exec(line);
    if (match === null) throw new Malformed(`field line ${shown(line)}`);
    const name = match[1]!.toLowerCase();
    fields.set(name, [...(fields.get(name) ?? []), match[2]!]);
  }
  return fields;
}

/** What the fields say of the body's end; throws where they may not say it (RFC 9112 §6). */
function framingOf(
  status: number,
  fields: Map<string, string[]>,
): { length: number | null; chunked: boolean } {
  const lengths = fields.get("content-length") ?? [];
  const chunked = fields.has("transfer-encoding");
  if (lengths.length > 1 || lengths.some((text) => !/^\d+$/.test(text))) {
    throw new Malformed(`content-length ${lengths.join(" and ")}`);
  }
  const [length] = lengths;
  if (length !== undefined && chunked) throw new Malformed("content-length and transfer-encoding");
  if ((length !== undefined || chunked) && (status < 200 || status === 204)) {
    throw new Malformed(`content-length or transfer-encoding with ${status}`);
  }
  const vary = fields.get("vary")?.join(",") ?? "";
  if (fields.has("content-encoding") && !/accept-encoding|\*/i.test(vary)) {
    throw new Malformed("content-encoding without vary: accept-encoding");
  }
  return { length: length === undefined ? null : Number(length), chunked };
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}

// From what an app returned to what the driver writes. Framing is the driver's: what an app says of
// it is dropped, but for the length of a stream, which is checked.
import type { FieldList } from "../../base/failure.ts";
import { ByteStream, Reply, type Answer, type Exchange } from "../../http/exchange/index.ts";
import { DirectResponse } from "./direct/index.ts";
import { NativeHeaders, NativeResponse } from "./native-web.ts";
import { OutgoingStream } from "./outgoing-stream.ts";
import { LightResponse, type ResponseParts } from "./response.ts";
import type { Content } from "./response-content.ts";
import { takeFileBody } from "./storage/index.ts";

/** What speaks of one connection only (RFC 9110 §7.6.1). */
const OF_THE_HOP: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"],
  "upgrade",
]);

/** Contents that `fetch` has decoded: what it says of their coding is no longer so. */
const DECODED = /^(?:br|deflate|gzip|x-gzip|zstd)(?: *, *(?:br|deflate|gzip|x-gzip|zstd))*$/i;

/** The answer that `returned` is. Throws where it is none, in words for the log. */
export function answerOf(returned: unknown, exchange: Exchange): Answer {
  const parts = LightResponse.partsOf(returned);
  if (parts !== null) return answerOfParts(parts, exchange);
  if (returned instanceof DirectResponse) return returned.reply();
  if (returned instanceof NativeResponse) return answerOfParts(partsOfNative(returned), exchange);
  throw new TypeError(`an app returns a Response; this one returned ${named(returned)}`);
}

function answerOfParts(parts: ResponseParts, exchange: Exchange): Answer {
  const { answer, status, content } = parts;
  if (answer !== null) return answer;
  if (parts.unusable) throw new TypeError("the app returned a Response whose body has been read");
  const fields = fieldsToSend(parts.fields);
  if (content === null) return emptyReply(status, fields, exchange);
  if (typeof content === "string" || content instanceof Uint8Array) {
    return new Reply(status, fields, content);
  }
  if (content instanceof Blob) {
    return new Reply(status, fields, streamed(content.stream(), exchange, content.size));
  }
  // A stored file goes out as any file does, where nobody has read of it.
  const file = content instanceof ReadableStream ? takeFileBody(content) : null;
  if (file !== null) return new Reply(status, fields, file);
  return new Reply(status, fields, streamed(content, exchange, announcedLength(fields)));
}

/**
 * To HEAD an app may say how long the content would be; where it does not, nobody knows: 0 would be
 * wrong of a framework's answer to GET whose content was taken off (RFC 9110 §8.6).
 */
function emptyReply(status: number, fields: FieldList, exchange: Exchange): Reply {
  const isHead = exchange.method === "HEAD";
  return new Reply(
    status,
    fields,
    isHead ? new ByteStream(NOTHING, announcedLength(fields)) : null,
  );
}

const NOTHING: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};

function streamed(
  content: Exclude<Content, null | string | Uint8Array | Blob>,
  exchange: Exchange,
  length: number | null,
): ByteStream {
  return new ByteStream(new OutgoingStream(content, exchange), length);
}

function partsOfNative(native: Response): ResponseParts {
  const { status, url, body } = native;
  if (native.type === "error") throw new TypeError("the app returned a network error");
  let fields = native.headers;
  if (url !== "" && DECODED.test(fields.get("content-encoding") ?? "")) {
    fields = new NativeHeaders(fields);
    fields.delete("content-encoding");
    fields.delete("content-length");
  }
  const unusable = native.bodyUsed || body?.locked === true;
  return { answer: null, status, fields, content: body, unusable };
}

// A list that is sent again and again is looked at once. It has to stay itself: by it the driver
// knows the head that it wrote before.
let lastSent: FieldList = [];

function fieldsToSend(fields: FieldList | Headers): FieldList {
  if (fields === lastSent) return lastSent;
  const list = fields instanceof NativeHeaders ? [...fields] : fields;
  if (!list.some(([name]) => OF_THE_HOP.has(name.toLowerCase()))) {
    lastSent = list;
    return list;
  }
  const named = list.flatMap(([name, value]) =>
    name.toLowerCase() === "connection" ? value.toLowerCase().split(/[ ,]+/) : [],
  );
  const dropped = new Set([...OF_THE_HOP, ...named]);
  return list.filter(([name]) => !dropped.has(name.toLowerCase()));
}

function announcedLength(fields: FieldList): number | null {
  const found = fields.find(([name]) => name.toLowerCase() === "content-length");
  if (found === undefined) return null;
  const length = /^\d+$/.test(found[1]) ? Number(found[1]) : Number.NaN;
  if (Number.isSafeInteger(length)) return length;
  throw new TypeError(`the app's Content-Length is no length: ${JSON.stringify(found[1])}`);
}

function named(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const { constructor } = value as { constructor?: { name?: unknown } };
  return typeof constructor?.name === "string" ? `an object (${constructor.name})` : "an object";
}

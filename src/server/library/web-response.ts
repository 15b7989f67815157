// A Reply as a Response of the web: what the engine writes as bytes, without a connection.
import { ByteStream, releaseBody, Takeover, type Reply } from "../../http/exchange/index.ts";
import { streamOf } from "./web-stream.ts";
import type { WebClient } from "./web-request.ts";

// They say how a message goes over a connection, and there is none.
const OF_CONNECTIONS = new Set(["connection", "keep-alive", "transfer-encoding"]);
// Response takes no content with these (RFC 9110 §15).
const WITHOUT_CONTENT = new Set([204, 205, 304]);

/**
 * `reply`, to a request of that method. `client` is told when nobody reads its body any more.
 * Throws where it takes the connection over, as there is none.
 */
export function responseOf(
  { status, fields, body }: Reply,
  method: string,
  client: WebClient,
): Response {
  if (body instanceof Takeover) {
    body.refused();
    throw new Error("what takes a connection over needs one: startTestServer has them");
  }
  const headers = new Headers();
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (lower !== "content-length" && !OF_CONNECTIONS.has(lower)) headers.append(name, value);
  }
  const isWithout = WITHOUT_CONTENT.has(status);
  const content = typeof body === "string" ? Buffer.from(body) : body;
  const length = content === null ? 0 : content.length;
  if (length !== null && !isWithout) headers.set("Content-Length", `${length}`);
  if (method !== "HEAD" && !isWithout && content !== null) {
    return new Response(streamOf(content, client), { status, headers });
  }
  releaseBody(body);
  if (body instanceof ByteStream) void body.source[Symbol.asyncIterator]().return?.();
  client.satisfied();
  return new Response(null, { status, headers });
}

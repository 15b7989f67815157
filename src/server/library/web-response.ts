// A Reply as a Response of the web: what the engine writes as bytes, without a connection.
import type { Segments } from "../../http/exchange/index.ts";
import {
  ByteStream,
  FileSlice,
  releaseBody,
  type Reply,
  type ReplyBody,
} from "../../http/exchange/index.ts";
import { readSlice } from "../../storage/index.ts";
import type { WebClient } from "./web-request.ts";

const BLOCK_BYTES = 64 * 1024;

// They say how a message goes over a connection, and there is none.
const OF_CONNECTIONS = new Set(["connection", "keep-alive", "transfer-encoding"]);
// Response takes no content with these (RFC 9110 §15).
const WITHOUT_CONTENT = new Set([204, 205, 304]);

/** `reply`, to a request of that method. `client` is told when nobody reads its body any more. */
export function responseOf(reply: Reply, method: string, client: WebClient): Response {
  const { status, body } = reply;
  const headers = new Headers();
  for (const [name, value] of reply.fields) {
    const lower = name.toLowerCase();
    if (lower !== "content-length" && !OF_CONNECTIONS.has(lower)) headers.append(name, value);
  }
  const isWithout = WITHOUT_CONTENT.has(status);
  const length = body === null ? 0 : body.length;
  if (length !== null && !isWithout) headers.set("Content-Length", `${length}`);
  if (method === "HEAD" || isWithout || body === null) {
    drop(body);
    client.satisfied();
    return new Response(null, { status, headers });
  }
  return new Response(contentOf(body, client), { status, headers });
}

function contentOf(
  body: NonNullable<ReplyBody>,
  client: WebClient,
): Uint8Array<ArrayBuffer> | ReadableStream {
  if (body instanceof Uint8Array) {
    client.satisfied();
    return new Uint8Array(body); // the handler's own may be given again
  }
  const pieces = body instanceof ByteStream ? body.source : slices(body);
  return streamOf(pieces[Symbol.asyncIterator](), body, client);
}

/** Files are given back however it ends: read to its end, failed, or left. */
function streamOf(
  pieces: AsyncIterator<Uint8Array>,
  body: ReplyBody,
  client: WebClient,
): ReadableStream<Uint8Array> {
  const finish = (): void => {
    client.satisfied();
    releaseBody(body);
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done !== true) return controller.enqueue(value);
        finish();
        controller.close();
      } catch (error) {
        finish();
        controller.error(error);
      }
    },
    async cancel() {
      client.leave();
      releaseBody(body);
      await pieces.return?.();
    },
  });
}

async function* slices(body: FileSlice | Segments): AsyncGenerator<Uint8Array> {
  for (const part of body instanceof FileSlice ? [body] : body.parts) {
    if (part instanceof Uint8Array) {
      yield part;
      continue;
    }
    for (let at = 0; at < part.length;) {
      const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, part.length - at));
      // oxlint-disable-next-line no-await-in-loop -- block by block
      const got = await readSlice(part.file, part.offset + at, block.length, block);
      if (got === 0) throw new Error(`${part.file.path} became shorter while it was sent`);
      yield block.subarray(0, got);
      at += got;
    }
  }
}

function drop(body: ReplyBody): void {
  releaseBody(body);
  if (body instanceof ByteStream) void body.source[Symbol.asyncIterator]().return?.();
}

// A reply's body as a stream of the web: pulled, where it is pulled from files or a source, and
// pushed, where it is pushed.
import {
  ByteStream,
  FileSlice,
  PushStream,
  releaseBody,
  type PushSource,
  type Segments,
} from "../../http/exchange/index.ts";
import { readSlice } from "../../storage/index.ts";
import type { WebClient } from "./web-request.ts";

const BLOCK_BYTES = 64 * 1024;
/** As much as the engine has wait for a client that does not read what is pushed. */
const PUSHED_BYTES_MAX = 256 * 1024;

type Pulled = ByteStream | FileSlice | Segments;

/** What is in `body`; bytes as they are, since there is nothing to wait for. */
export function streamOf(
  body: Uint8Array | Pulled | PushStream,
  client: WebClient,
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  if (body instanceof PushStream) return pushed(body, client);
  if (!(body instanceof Uint8Array)) return pulled(body, client);
  client.satisfied();
  return new Uint8Array(body); // the handler's own may be given again
}

/** Files are given back however it ends: read to its end, failed, or left. */
function pulled(body: Pulled, client: WebClient): ReadableStream<Uint8Array> {
  const source = body instanceof ByteStream ? body.source : slices(body);
  const pieces = source[Symbol.asyncIterator]();
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

function pushed(body: PushStream, client: WebClient): ReadableStream<Uint8Array> {
  let source: PushSource | null = null;
  let isOver = false;
  const leave = (): void => {
    isOver = true;
    client.leave();
    source?.onGone();
  };
  const begin = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const write = ({ bytes }: { readonly bytes: Uint8Array }): boolean => {
      if (isOver) return false;
      controller.enqueue(bytes);
      if ((controller.desiredSize ?? 0) >= 0) return true;
      controller.error(new Error("nobody reads what is pushed"));
      leave();
      return false;
    };
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      client.satisfied();
      controller.close();
    };
    source = body.start({ write, end });
  };
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: PUSHED_BYTES_MAX });
  return new ReadableStream({ start: begin, cancel: leave }, strategy);
}

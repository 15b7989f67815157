// A file's content as the stream of a Response. Whoever sends that Response takes the file itself
// (`takeFileBody`), so that it goes out as any file does; who reads the stream gets the same bytes.
// It goes with the stream: into another Response, too, and out of one whose headers were changed.
import { FileSlice, releaseBody, Segments, type ReplyBody } from "../../../http/exchange/index.ts";
import { readSlice } from "../../../storage/index.ts";

const PIECE_BYTES = 64 * 1024;

/** What has known length, and is no stream itself. */
export type FileBody = FileSlice | Segments;

/** A body whose files are held, until it is sent, read to its end, cancelled, or forgotten. */
interface Held {
  readonly body: FileBody;
  isOver: boolean;
}

const held = new WeakMap<ReadableStream, Held>();
/** A response that an app makes and never gives back. */
const forgotten = new FinalizationRegistry<Held>((one) => end(one));

/** A stream of `body`, whose references are taken over. */
export function streamOfBody(body: FileBody): ReadableStream<Uint8Array> {
  const one: Held = { body, isOver: false };
  let pieces: AsyncGenerator<Uint8Array> | null = null;
  let reading: Promise<unknown> = Promise.resolve();
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (one.isOver) throw new TypeError("this file has been sent");
        held.delete(stream); // from the first piece on it is a stream like any
        pieces ??= piecesOf(body);
        const next = pieces.next();
        reading = next;
        const { done, value } = await next;
        if (done !== true) return controller.enqueue(value);
        end(one);
        controller.close();
      },
      cancel: async () => {
        // A descriptor that is being read from is not closed: it may be another file's by then.
        await reading.catch(() => undefined);
        end(one);
      },
    },
    { highWaterMark: 0 },
  );
  held.set(stream, one);
  forgotten.register(stream, one, one);
  return stream;
}

/** The body that `stream` stands for, the caller's now; null: it is another, or was read from. */
export function takeFileBody(stream: ReadableStream): ReplyBody | null {
  const one = held.get(stream);
  if (one === undefined || one.isOver || stream.locked) return null;
  held.delete(stream);
  forgotten.unregister(one);
  one.isOver = true;
  return one.body;
}

function end(one: Held): void {
  if (one.isOver) return;
  one.isOver = true;
  forgotten.unregister(one);
  releaseBody(one.body);
}

async function* piecesOf(body: FileBody): AsyncGenerator<Uint8Array> {
  for (const part of body instanceof Segments ? body.parts : [body]) {
    if (part instanceof FileSlice) yield* piecesOfSlice(part);
    else yield Uint8Array.from(part);
  }
}

async function* piecesOfSlice({ file, offset, length }: FileSlice): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length;) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, length - done));
    const bytes = await readSlice(file, offset + done, piece.length, piece);
    if (bytes === 0 || file.isOverwritten()) throw new Error(`${file.path} was written over`);
    yield piece.subarray(0, bytes);
    done += bytes;
  }
}

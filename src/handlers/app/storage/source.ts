// What an app may hand to its storage, as pieces of bytes.
import type { Part } from "../parts/index.ts";

/** A part of a form, bytes, text (stored as UTF-8), or what gives bytes piece by piece. */
export type Source =
  | Part
  | Uint8Array
  | ArrayBuffer
  | string
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>;

/** How many bytes there are, where that is known. */
export function lengthOf(source: Source): number | null {
  if (typeof source === "string") return Buffer.byteLength(source);
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return source.byteLength;
  return source instanceof Blob ? source.size : null;
}

/** The bytes, in order. What is none of a source's kinds throws. */
export function piecesOf(source: Source): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source === "string") return [Buffer.from(source)];
  if (source instanceof Uint8Array) return [source];
  if (source instanceof ArrayBuffer) return [new Uint8Array(source)];
  if (source instanceof Blob) return source.stream();
  const isGiving = typeof source === "object" && source !== null && Symbol.asyncIterator in source;
  if (isGiving) return bytesOf(source as AsyncIterable<unknown>);
  throw new TypeError(`${String(source)} is nothing that can be stored: neither bytes nor text`);
}

async function* bytesOf(pieces: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece;
    else if (typeof piece === "string") yield Buffer.from(piece);
    else throw new TypeError(`what is to be stored gave ${typeof piece}, neither bytes nor text`);
  }
}

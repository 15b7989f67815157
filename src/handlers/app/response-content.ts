// What a response's content is made of, by the kinds that the standard knows. Kept as it was given:
// a stream of it is made only where somebody asks for one.
import { isAnyArrayBuffer } from "node:util/types";
import { isDisturbed, NativeResponse } from "./native-web.ts";

export type Content =
  | null
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>;

export interface TypedContent {
  readonly content: Content;
  /** What it is, unless the headers say otherwise; "": nothing is said. */
  readonly type: string;
}

export const TEXT_TYPE = "text/plain;charset=UTF-8";
const FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8";

/** `given`, which is neither null nor text. Bytes are copied, as they may change. */
export function contentOf(given: unknown): TypedContent {
  if (given instanceof ReadableStream) return { content: freshStream(given), type: "" };
  if (ArrayBuffer.isView(given)) {
    const { buffer, byteLength, byteOffset } = given;
    return { content: copied(new Uint8Array(buffer, byteOffset, byteLength)), type: "" };
  }
  if (isAnyArrayBuffer(given)) return { content: copied(new Uint8Array(given)), type: "" };
  if (given instanceof Blob) return { content: given, type: given.type };
  if (given instanceof URLSearchParams) return { content: given.toString(), type: FORM_TYPE };
  if (given instanceof FormData) {
    const native = new NativeResponse(given);
    return { content: native.body!, type: native.headers.get("content-type")! };
  }
  if (typeof given === "object" && given !== null && Symbol.asyncIterator in given) {
    return { content: given as AsyncIterable<Uint8Array | string>, type: "" };
  }
  return { content: String(given), type: TEXT_TYPE };
}

function freshStream(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (stream.locked || isDisturbed(stream)) {
    throw new TypeError("a response's stream is neither locked nor read from");
  }
  return stream;
}

function copied(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

// How large a picture is, by its head, for servers without `sharp`: JPEG (ITU T.81 §B), PNG, GIF
// and WebP (RFC 9649). No pixel is decoded, no orientation looked for.
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { Failure } from "../../../base/failure.ts";
import type { Size } from "./messages.ts";

const HEAD_BYTES = 32;
/** Before its size a JPEG has colour profiles, previews and the like, 64 KiB each at most. */
const SEGMENTS_MAX = 1000;
const FILL_MAX = 16;

interface Read {
  readonly width: number;
  readonly height: number;
}

/** Failures: pictureTooLarge, pictureUnreadable. */
export async function readSize(path: string, maxPixels: number): Promise<Size | Failure> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const found = (await file.stat()).isFile() ? await sizeOf(file) : null;
    if (found === null) return new Failure("pictureUnreadable", "no head of a picture");
    const { width, height } = found;
    if (width === 0 || height === 0) return new Failure("pictureUnreadable", "no pixels");
    if (width * height > maxPixels) return new Failure("pictureTooLarge", `${width}x${height}`);
    return found;
  } finally {
    await file.close();
  }
}

async function sizeOf(file: FileHandle): Promise<Size | null> {
  const head = await bytesAt(file, 0, HEAD_BYTES);
  if (head.length < HEAD_BYTES) return null;
  const text = head.toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")) {
    return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), type: "image/png" };
  }
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
    return { width: head.readUInt16LE(6), height: head.readUInt16LE(8), type: "image/gif" };
  }
  if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
    return typed(webpSize(head, text.slice(12, 16)), "image/webp");
  }
  if (text.startsWith("\xff\xd8\xff")) return typed(await jpegSize(file), "image/jpeg");
  return null;
}

function typed(size: Read | null, type: string): Size | null {
  return size === null ? null : { ...size, type };
}

function webpSize(head: Buffer, chunk: string): Read | null {
  if (chunk === "VP8X") {
    return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  }
  if (chunk === "VP8L" && head[20] === 0x2f) {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk === "VP8 " && head.readUIntBE(23, 3) === 0x9d012a) {
    return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  }
  return null;
}

/** Goes from segment to segment, up to the one that begins a frame. */
async function jpegSize(file: FileHandle): Promise<Read | null> {
  let at = 2;
  for (let count = 0; count < SEGMENTS_MAX; count += 1) {
    const head = await bytesAt(file, at, HEAD_BYTES);
    let fill = 0;
    while (fill < FILL_MAX && head[fill] === 0xff && head[fill + 1] === 0xff) fill += 1;
    const segment = head.subarray(fill);
    if (segment.length < 9 || segment[0] !== 0xff) return null;
    const marker = segment[1]!;
    if (isFrame(marker)) return { width: segment.readUInt16BE(7), height: segment.readUInt16BE(5) };
    if (marker === 0xd9 || marker === 0xda) return null; // its end, or pixels without a frame
    const isAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    const length = isAlone ? 0 : segment.readUInt16BE(2);
    if (!isAlone && length < 2) return null;
    at += fill + 2 + length;
  }
  return null;
}

/** SOF0 to SOF15, but for the tables that lie between (DHT, JPG, DAC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

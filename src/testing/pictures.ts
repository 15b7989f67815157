// Pictures made by hand, as little as a format has, with whatever metadata a test puts in.
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { MetadataStripper, type Stripped } from "../protocol/index.ts";
import { everySplit } from "./every-split.ts";

/** Something that must not come out: it is in every value that tells a place. */
export const PLACE = "PLACE-51.4779N";

type Entry = readonly [tag: number, type: number, value: string | number | Buffer];

/** Exif of either byte order: orientation, camera, a GPS table and a maker's note. */
export function exifWithPlace(orientation: number, order: "II" | "MM" = "MM"): Buffer {
  const tiff = new TiffWriter(order);
  const gps = tiff.table([[2, 2, `${PLACE} gps`]]);
  const photo = tiff.table([
    [0x9003, 2, "2026:11:21 10:00:00"],
    [0x927c, 7, Buffer.from(`${PLACE} maker's note`)],
    [0xa002, 3, 640],
  ]);
  const thumbnail = tiff.table([[0x0103, 3, 6]]);
  tiff.start(
    tiff.table(
      [
        [0x010f, 2, "Camera & Sons"],
        [0x0112, 3, orientation],
        [0x8769, 4, photo],
        [0x8825, 4, gps],
        [0xa301, 3, 1],
      ],
      thumbnail,
    ),
  );
  return tiff.bytes();
}

class TiffWriter {
  readonly #isLittle: boolean;
  #bytes: Buffer;

  constructor(order: "II" | "MM") {
    this.#isLittle = order === "II";
    this.#bytes = Buffer.from(order === "II" ? "II*\0\0\0\0\0" : "MM\0*\0\0\0\0");
  }

  start(table: number): void {
    this.#int(table, 4).copy(this.#bytes, 4);
  }

  /** Where it is. */
  table(entries: readonly Entry[], next = 0): number {
    const written = entries.map(([tag, type, value]) => {
      const head = [this.#int(tag, 2), this.#int(type, 2)];
      if (typeof value === "number") {
        const bytes = type === 3 ? [this.#int(value, 2), Buffer.alloc(2)] : [this.#int(value, 4)];
        return Buffer.concat([...head, this.#int(1, 4), ...bytes]);
      }
      const bytes = typeof value === "string" ? Buffer.from(`${value}\0`) : value;
      return Buffer.concat([...head, this.#int(bytes.length, 4), this.#int(this.#add(bytes), 4)]);
    });
    return this.#add(Buffer.concat([this.#int(entries.length, 2), ...written, this.#int(next, 4)]));
  }

  bytes(): Buffer {
    return this.#bytes;
  }

  #add(bytes: Buffer): number {
    const at = this.#bytes.length;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    return at;
  }

  #int(value: number, bytes: 2 | 4): Buffer {
    const buffer = Buffer.alloc(bytes);
    if (this.#isLittle) buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  }
}

export function jpegSegment(code: number, body: Buffer | string): Buffer {
  const bytes = typeof body === "string" ? Buffer.from(body, "latin1") : body;
  const head = Buffer.of(0xff, code, 0, 0);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

/** With two scans, restarts and stuffed bytes; no decoder would show it. */
export function jpegWith(...segments: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    ...segments,
    jpegSegment(0xdb, "quantization"),
    jpegSegment(0xc2, "frame"),
    jpegSegment(0xda, "scan"),
    Buffer.from("bits\xff\0bits\xff\xd0bits\xff\xd7\xff\0", "latin1"),
    jpegSegment(0xc4, "huffman"),
    jpegSegment(0xda, ""),
    Buffer.from("more bits\xff\xd9", "latin1"),
  ]);
}

export function pngChunk(type: string, data: Buffer | string = ""): Buffer {
  const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
  const body = Buffer.concat([Buffer.from(type), bytes]);
  const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const;
  ends[0].writeUInt32BE(bytes.length);
  ends[1].writeUInt32BE(crc32(body));
  return Buffer.concat([ends[0], body, ends[1]]);
}

/** A white dot. */
export function pngWith(...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", "\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"),
    ...chunks,
    pngChunk("IDAT", "\x78\x9c\x63\xf8\x0f\0\x01\x01\x01\0"),
    pngChunk("IEND"),
  ]);
}

export function webpChunk(type: string, data: Buffer | string): Buffer {
  const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
}

export function webpWith(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  const head = Buffer.from("RIFF\0\0\0\0");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** What comes of a picture, in latin1, at every split; a failure's detail where it is refused. */
export function stripPicture(type: string, stripped: Stripped, picture: Buffer): string {
  return everySplit(picture.toString("latin1"), (pieces) => stripPieces(type, stripped, pieces));
}

export function stripPieces(
  type: string,
  stripped: Stripped,
  pieces: Iterable<Uint8Array>,
): string {
  let out = "";
  const stripper = new MetadataStripper(type, stripped, (bytes) => {
    out += Buffer.from(bytes).toString("latin1");
  });
  for (const piece of pieces) {
    const failure = stripper.feed(piece);
    if (failure === null) continue;
    assert.equal(stripper.feed(Buffer.from("more")), failure);
    return failure.detail;
  }
  return stripper.end()?.detail ?? out;
}

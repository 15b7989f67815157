// A PNG file from pixels, by node:zlib alone: eight bits a channel, no palette, no interlacing
// (W3C PNG, third edition). Each row is filtered by whichever of the five filters leaves the
// smallest sum of differences, as §12.7 of that text advises.

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS = 3;
const FILTERS = 5;

/** `pixels` holds red, green and blue, row by row from the top left. */
export function encodePng(pixels: Uint8Array, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // bit depth, truecolour, deflate, adaptive filters, no interlace
  const data = deflateSync(filterRows(pixels, width * CHANNELS, height), { level: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("sRGB", Buffer.from([0])),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function filterRows(pixels: Uint8Array, rowBytes: number, height: number): Buffer {
  const out = Buffer.alloc((rowBytes + 1) * height);
  const attempt = Buffer.alloc(rowBytes);
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y += 1) {
    const row = pixels.subarray(y * rowBytes, (y + 1) * rowBytes);
    const at = y * (rowBytes + 1);
    let least = Infinity;
    for (let filter = 0; filter < FILTERS; filter += 1) {
      const sum = filterRow(filter, row, above, attempt);
      if (sum >= least) continue;
      least = sum;
      out[at] = filter;
      attempt.copy(out, at + 1);
    }
    above = row;
  }
  return out;
}

/** Fills `out`, and returns the sum of the differences taken as signed bytes. */
function filterRow(filter: number, row: Uint8Array, above: Uint8Array, out: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i += 1) {
    const left = i < CHANNELS ? 0 : row[i - CHANNELS]!;
    const corner = i < CHANNELS ? 0 : above[i - CHANNELS]!;
    const value = (row[i]! - predict(filter, left, above[i]!, corner)) & 0xff;
    out[i] = value;
    sum += value < 128 ? value : 256 - value;
  }
  return sum;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  return paeth(left, up, corner);
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

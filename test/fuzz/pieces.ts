// Bytes in pieces of chance, as a parser gets them: each is gone once the next is taken.
import type { Random } from "./random.ts";

export function* piecesOf(
  bytes: Uint8Array,
  random: Random,
  pieceBytesMax: number,
): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const piece = Buffer.from(bytes.subarray(at, at + 1 + random.below(pieceBytesMax)));
    at += piece.length;
    yield piece;
    piece.fill(0x21);
  }
}

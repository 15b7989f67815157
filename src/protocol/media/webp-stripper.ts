// WebP (RFC 9649): RIFF, the length of all that follows, and chunks:
//
//   RIFF length WEBP  ( type length data [0] )*
//
// The length comes first, and what is to be taken out last: so what goes is blanked where it lies,
// in a chunk that no reader knows, and Exif keeps its length. Behind the RIFF nothing is kept.
import { withOrientationOnly, withoutLocation } from "./exif.ts";
import { Gathered } from "./gathered.ts";
import type { Give, PictureStripper, Stripped } from "./picture-stripper.ts";

type Step = "start" | "head" | "pass" | "blank" | "features" | "exif" | "done";

const START_BYTES = 12;
const HEAD_BYTES = 8;
const FEATURES_BYTES = 10;
const EXIF_BYTES_MAX = 64 * 1024;
const XMP_FEATURE = 0x04;
const FILLER = Buffer.from("JUNK", "latin1");
const BLANK = Buffer.alloc(4096);
const SHOWN_BY = new Set(["VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);
/** Some write it, as in JPEG; RFC 9649 has none. */
const EXIF_PREFIX = "Exif\0\0";

export class WebpStripper implements PictureStripper {
  readonly #stripped: Stripped;
  readonly #give: Give;
  readonly #gathered = new Gathered();
  #step: Step = "start";
  /** Of the RIFF, behind the chunk that is read. */
  #leftBytes = 0;
  /** Of the chunk. */
  #chunkBytes = 0;

  constructor(stripped: Stripped, give: Give) {
    this.#stripped = stripped;
    this.#give = give;
  }

  get done(): boolean {
    return this.#step === "done";
  }

  feed(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length && this.#step !== "done") {
      const passes = this.#step === "pass" || this.#step === "blank";
      const isGood = passes ? this.#pass(bytes, at) : this.#gather(bytes, at);
      if (!isGood) return false;
      at = this.#gathered.end;
    }
    return true;
  }

  #pass(bytes: Uint8Array, at: number): boolean {
    const end = Math.min(bytes.length, at + this.#chunkBytes);
    if (this.#step === "pass") this.#give(bytes.subarray(at, end));
    else this.#giveBlank(end - at);
    this.#chunkBytes -= end - at;
    if (this.#chunkBytes === 0) this.#endChunk();
    this.#gathered.end = end;
    return true;
  }

  #gather(bytes: Uint8Array, at: number): boolean {
    const gathered = this.#gathered.take(bytes, at, this.#gatheredBytes());
    if (gathered === null) return true;
    switch (this.#step) {
      case "start":
        return this.#begin(gathered);
      case "head":
        return this.#beginChunk(gathered);
      case "features":
        this.#giveFeatures(gathered);
        break;
      default:
        this.#giveExif(gathered);
    }
    this.#endChunk();
    return true;
  }

  #gatheredBytes(): number {
    if (this.#step === "start") return START_BYTES;
    return this.#step === "head" ? HEAD_BYTES : this.#chunkBytes;
  }

  #begin(start: Buffer): boolean {
    this.#leftBytes = start.readUInt32LE(4) - 4;
    const isRiff = start.toString("latin1", 0, 4) === "RIFF";
    const isWebp = start.toString("latin1", 8) === "WEBP" && this.#leftBytes >= HEAD_BYTES;
    this.#give(start);
    this.#step = "head";
    return isRiff && isWebp;
  }

  #beginChunk(head: Buffer): boolean {
    const type = head.toString("latin1", 0, 4);
    const bytes = head.readUInt32LE(4);
    this.#chunkBytes = bytes + (bytes % 2);
    this.#leftBytes -= HEAD_BYTES + this.#chunkBytes;
    // Less than a chunk's head behind it belongs to nothing.
    if (this.#leftBytes < 0 || (this.#leftBytes > 0 && this.#leftBytes < HEAD_BYTES)) return false;
    if (type === "VP8X" && bytes !== FEATURES_BYTES) return false;
    this.#step = this.#stepInto(type);
    if (this.#step === "blank") this.#give(Buffer.concat([FILLER, head.subarray(4)]));
    else this.#give(head);
    if (this.#chunkBytes === 0) this.#endChunk();
    return true;
  }

  #stepInto(type: string): Step {
    if (type === "VP8X") return "features";
    if (type === "EXIF" && this.#chunkBytes <= EXIF_BYTES_MAX) return "exif";
    return SHOWN_BY.has(type) ? "pass" : "blank";
  }

  #endChunk(): void {
    this.#step = this.#leftBytes === 0 ? "done" : "head";
  }

  #giveFeatures(features: Buffer): void {
    const kept = Buffer.from(features);
    kept[0]! &= ~XMP_FEATURE;
    this.#give(kept);
  }

  #giveExif(chunk: Buffer): void {
    const hasPrefix = chunk.toString("latin1", 0, EXIF_PREFIX.length) === EXIF_PREFIX;
    const prefixBytes = hasPrefix ? EXIF_PREFIX.length : 0;
    const exif = chunk.subarray(prefixBytes);
    const kept = this.#stripped === "all" ? withOrientationOnly(exif) : withoutLocation(exif);
    if (hasPrefix) this.#give(chunk.subarray(0, prefixBytes));
    this.#give(kept);
  }

  #giveBlank(count: number): void {
    for (let left = count; left > 0; left -= BLANK.length) {
      this.#give(BLANK.subarray(0, Math.min(left, BLANK.length)));
    }
  }
}

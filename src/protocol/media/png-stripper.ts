// PNG (ISO 15948 §5): a signature, and chunks up to IEND, behind which nothing is kept:
//
//   length type data check  …
//
// A chunk passes when it is needed to show the picture, or known to hold no places; of texts it
// depends on their keyword. The sum that checks a chunk is made anew where one is edited.
import { crc32 } from "./crc32.ts";
import { orientationAlone, orientationOf, withoutLocation } from "./exif.ts";
import { Gathered } from "./gathered.ts";
import type { Give, PictureStripper, Stripped } from "./picture-stripper.ts";

type Step = "signature" | "head" | "data" | "exif" | "keyword" | "done";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const HEAD_BYTES = 8;
const CHECK_BYTES = 4;
const CHUNK_BYTES_MAX = 2 ** 31 - 1;
const EXIF_BYTES_MAX = 64 * 1024;
/** Of a text chunk that is looked at: its keyword has at most 79. */
const KEYWORD_BYTES_MAX = 80;
const SHOWN_BY = new Set(
  (
    "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT " +
    "acTL fcTL fdAT"
  ).split(" "),
);
const TEXTS = new Set(["tEXt", "zTXt", "iTXt"]);
const WITH_PLACES = /^(?:XML:com\.adobe\.xmp|Raw profile type .*)$/iu;

export class PngStripper implements PictureStripper {
  readonly #stripped: Stripped;
  readonly #give: Give;
  readonly #gathered = new Gathered();
  #step: Step = "signature";
  #head: Buffer = SIGNATURE;
  #type = "";
  #isFirst = true;
  /** Of the chunk, its check included: still to come. */
  #leftBytes = 0;
  #isKept = false;

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
      const isGood = this.#step === "data" ? this.#takeData(bytes, at) : this.#gather(bytes, at);
      if (!isGood) return false;
      at = this.#gathered.end;
    }
    return true;
  }

  #takeData(bytes: Uint8Array, at: number): boolean {
    const end = Math.min(bytes.length, at + this.#leftBytes);
    if (this.#isKept) this.#give(bytes.subarray(at, end));
    this.#leftBytes -= end - at;
    if (this.#leftBytes === 0) this.#step = this.#type === "IEND" ? "done" : "head";
    this.#gathered.end = end;
    return true;
  }

  #gather(bytes: Uint8Array, at: number): boolean {
    const gathered = this.#gathered.take(bytes, at, this.#gatheredBytes());
    if (gathered === null) return true;
    switch (this.#step) {
      case "signature":
        this.#give(SIGNATURE);
        this.#step = "head";
        return gathered.equals(SIGNATURE);
      case "head":
        return this.#beginChunk(gathered);
      case "exif":
        this.#giveExif(gathered.subarray(0, -CHECK_BYTES));
        this.#step = "head";
        return true;
      default:
        this.#isKept = !WITH_PLACES.test(keywordOf(gathered));
        if (this.#isKept) this.#give(Buffer.concat([this.#head, gathered]));
        this.#leftBytes -= gathered.length;
        this.#step = "data";
        return true;
    }
  }

  #gatheredBytes(): number {
    if (this.#step === "exif") return this.#leftBytes;
    if (this.#step !== "keyword") return HEAD_BYTES;
    return Math.min(KEYWORD_BYTES_MAX, this.#leftBytes - CHECK_BYTES);
  }

  #beginChunk(head: Buffer): boolean {
    const dataBytes = head.readUInt32BE();
    this.#type = head.toString("latin1", 4);
    const isInOrder = this.#isFirst === (this.#type === "IHDR");
    if (dataBytes > CHUNK_BYTES_MAX || !/^[A-Za-z]{4}$/u.test(this.#type) || !isInOrder) {
      return false;
    }
    this.#isFirst = false;
    this.#leftBytes = dataBytes + CHECK_BYTES;
    this.#step = this.#stepInto(dataBytes);
    this.#isKept = this.#step === "data" && this.#isShown();
    if (this.#isKept) this.#give(head);
    else this.#head = Buffer.from(head);
    return true;
  }

  #stepInto(dataBytes: number): Step {
    if (this.#type === "eXIf" && dataBytes <= EXIF_BYTES_MAX) return "exif";
    const isLooked = this.#stripped === "location" && TEXTS.has(this.#type) && dataBytes > 0;
    return isLooked ? "keyword" : "data";
  }

  #isShown(): boolean {
    if (SHOWN_BY.has(this.#type)) return true;
    return this.#stripped === "location" && this.#type === "tIME";
  }

  #giveExif(exif: Buffer): void {
    const kept = this.#stripped === "all" ? orientationIn(exif) : withoutLocation(exif);
    if (kept === null) return;
    const chunk = Buffer.alloc(HEAD_BYTES + kept.length + CHECK_BYTES);
    chunk.writeUInt32BE(kept.length, 0);
    chunk.write("eXIf", 4, "latin1");
    kept.copy(chunk, HEAD_BYTES);
    const check = crc32(chunk.subarray(4, HEAD_BYTES + kept.length));
    chunk.writeUInt32BE(check, HEAD_BYTES + kept.length);
    this.#give(chunk);
  }
}

function orientationIn(exif: Buffer): Buffer | null {
  const orientation = orientationOf(exif);
  return orientation === 1 ? null : orientationAlone(orientation);
}

function keywordOf(data: Buffer): string {
  return data.toString("latin1").split("\0", 1)[0]!;
}

// GIF (89a §17-27): a screen, and blocks of which each ends with an empty sub-block:
//
//   GIF89a screen [table]  ( 2C image [table] data | 21 label data )*  3B
//
// Only extensions that are known to hold no places are kept; XMP lies in one of an application's,
// among comments that tell nothing of places. What follows 3B goes.
import { Gathered } from "./gathered.ts";
import type { Give, PictureStripper, Stripped } from "./picture-stripper.ts";

type Step = "start" | "block" | "label" | "image" | "nameLength" | "name" | "data" | "done";

const GATHERED_BYTES = { start: 13, block: 1, label: 1, image: 9, nameLength: 1 } as const;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const END = 0x3b;
const PLAIN_TEXT = 0x01;
const CONTROL = 0xf9;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
/** How often it is shown, and its colours. */
const SHOWN_BY = new Set(["NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"]);

export class GifStripper implements PictureStripper {
  readonly #stripped: Stripped;
  readonly #give: Give;
  readonly #gathered = new Gathered();
  #step: Step = "start";
  #nameBytes = 0;
  /** Of a table or a sub-block: still to come. */
  #leftBytes = 0;
  #hasBlocks = false;
  #isKept = false;

  constructor(stripped: Stripped, give: Give) {
    this.#stripped = stripped;
    this.#give = give;
  }

  /** One that lacks its last byte is shown by everybody, and hides nothing. */
  get done(): boolean {
    return this.#step === "done" || this.#step === "block";
  }

  feed(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length && this.#step !== "done") {
      if (this.#step === "data") {
        at = this.#takeData(bytes, at);
      } else {
        const count = this.#step === "name" ? this.#nameBytes : GATHERED_BYTES[this.#step];
        const gathered = this.#gathered.take(bytes, at, count);
        if (gathered !== null && !this.#takeGathered(gathered)) return false;
        at = this.#gathered.end;
      }
    }
    return true;
  }

  /** A table, then sub-blocks where there are any: given as one, for they are small. */
  #takeData(bytes: Uint8Array, start: number): number {
    let at = start;
    while (this.#step === "data" && at < bytes.length) {
      const taken = Math.min(this.#leftBytes, bytes.length - at);
      this.#leftBytes -= taken;
      at += taken;
      if (this.#leftBytes > 0 || (this.#hasBlocks && at === bytes.length)) break;
      if (this.#hasBlocks) this.#leftBytes = bytes[at++]!;
      if (this.#leftBytes === 0) this.#step = "block";
    }
    if (this.#isKept && at > start) this.#give(bytes.subarray(start, at));
    return at;
  }

  #takeGathered(gathered: Buffer): boolean {
    switch (this.#step) {
      case "start":
        this.#give(gathered);
        this.#begin(tableBytes(gathered[10]!), { hasBlocks: false, isKept: true });
        return /^GIF8[79]a/u.test(gathered.toString("latin1"));
      case "block":
        return this.#takeBlock(gathered[0]!);
      case "label":
        this.#takeLabel(gathered[0]!);
        return true;
      case "image":
        this.#give(Buffer.of(IMAGE));
        this.#give(gathered);
        // Behind the table a byte says how long the codes of the data are.
        this.#begin(tableBytes(gathered[8]!) + 1, { hasBlocks: true, isKept: true });
        return true;
      case "nameLength":
        this.#nameBytes = gathered[0]!;
        this.#step = this.#nameBytes === 0 ? "block" : "name";
        return true;
      default:
        this.#takeName(gathered);
        return true;
    }
  }

  #takeBlock(code: number): boolean {
    if (code === 0) return true; // some end a block twice
    if (code === END) this.#give(Buffer.of(END));
    if (code === END) this.#step = "done";
    else this.#step = code === IMAGE ? "image" : "label";
    return code === END || code === IMAGE || code === EXTENSION;
  }

  #takeLabel(label: number): void {
    if (label === APPLICATION) {
      this.#step = "nameLength";
      return;
    }
    const isTold = label === COMMENT && this.#stripped === "location";
    const isKept = isTold || label === CONTROL || label === PLAIN_TEXT;
    if (isKept) this.#give(Buffer.of(EXTENSION, label));
    this.#begin(0, { hasBlocks: true, isKept });
  }

  #takeName(name: Buffer): void {
    const isKept = SHOWN_BY.has(name.toString("latin1"));
    if (isKept) this.#give(Buffer.concat([Buffer.of(EXTENSION, APPLICATION, name.length), name]));
    this.#begin(0, { hasBlocks: true, isKept });
  }

  #begin(leftBytes: number, { hasBlocks, isKept }: { hasBlocks: boolean; isKept: boolean }): void {
    this.#leftBytes = leftBytes;
    this.#hasBlocks = hasBlocks;
    this.#isKept = isKept;
    this.#step = leftBytes === 0 && !hasBlocks ? "block" : "data";
  }
}

/** How long the table of colours is that a screen or an image says it has. */
function tableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

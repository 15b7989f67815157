// JPEG (ITU T.81 Annex B): FF D8, segments, and in between the picture's bits, in which FF is
// followed by 00 or a restart marker:
//
//   FF D8  ( FF code length body )*  FF DA length body  bits  …  FF D9
//
// Only segments that are known to hold no places are kept. What follows FF D9 goes: phones append
// films and further pictures there, each with places of its own.
import { orientationAlone, orientationOf, withoutLocation } from "./exif.ts";
import { Gathered } from "./gathered.ts";
import type { Give, PictureStripper, Stripped } from "./picture-stripper.ts";

type Step = "start" | "ff" | "code" | "length" | "body" | "bits" | "bitsFf" | "done";

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const COMMENT = 0xfe;
const EXIF = "Exif\0\0";
/** Beginnings of the application segments that say how to show the picture. */
const SHOWN_BY: Readonly<Record<number, string>> = {
  0xe0: "JFIF\0",
  0xe2: "ICC_PROFILE\0",
  0xee: "Adobe",
};

export class JpegStripper implements PictureStripper {
  readonly #stripped: Stripped;
  readonly #give: Give;
  readonly #gathered = new Gathered();
  #step: Step = "start";
  #code = 0;
  #bodyBytes = 0;

  constructor(stripped: Stripped, give: Give) {
    this.#stripped = stripped;
    this.#give = give;
  }

  /** A picture whose last bits are missing is shown by everybody, and hides nothing. */
  get done(): boolean {
    return this.#step === "done" || this.#step === "bits" || this.#step === "bitsFf";
  }

  feed(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length && this.#step !== "done") {
      const next = this.#take(bytes, at);
      if (next === null) return false;
      at = next;
    }
    return true;
  }

  /** Returns where to go on; null where the picture is malformed. */
  #take(bytes: Uint8Array, at: number): number | null {
    switch (this.#step) {
      case "start":
        return this.#takeStart(bytes, at);
      case "ff":
        this.#step = "code";
        return bytes[at] === 0xff ? at + 1 : null;
      case "code":
        return this.#takeCode(bytes[at]!) ? at + 1 : null;
      case "length":
        return this.#takeLength(bytes, at);
      case "body":
        return this.#takeBody(bytes, at);
      case "bits":
        return this.#takeBits(bytes, at);
      case "bitsFf":
        if (!isOfBits(bytes[at]!)) return this.#takeCode(bytes[at]!) ? at + 1 : null;
        this.#give(Buffer.of(0xff, bytes[at]!));
        this.#step = "bits";
        return at + 1;
      case "done":
        return bytes.length;
    }
  }

  #takeStart(bytes: Uint8Array, at: number): number | null {
    const start = this.#gathered.take(bytes, at, 2);
    if (start === null) return this.#gathered.end;
    if (start[0] !== 0xff || start[1] !== START) return null;
    this.#give(start);
    this.#step = "ff";
    return this.#gathered.end;
  }

  #takeCode(code: number): boolean {
    if (code === 0xff) return true; // one may fill up with them
    if (code === END) {
      this.#give(Buffer.of(0xff, END));
      this.#step = "done";
      return true;
    }
    if (code < 0xc0 || isOfBits(code) || code === START) return false;
    this.#code = code;
    this.#step = "length";
    return true;
  }

  #takeLength(bytes: Uint8Array, at: number): number | null {
    const length = this.#gathered.take(bytes, at, 2);
    if (length === null) return this.#gathered.end;
    this.#bodyBytes = length.readUInt16BE() - 2;
    if (this.#bodyBytes < 0) return null;
    this.#step = "body";
    // An empty body is complete, and there may be no byte left to come here again with.
    if (this.#bodyBytes === 0) this.#endSegment(Buffer.alloc(0));
    return this.#gathered.end;
  }

  #takeBody(bytes: Uint8Array, at: number): number {
    const body = this.#gathered.take(bytes, at, this.#bodyBytes);
    if (body !== null) this.#endSegment(body);
    return this.#gathered.end;
  }

  #endSegment(body: Buffer): void {
    const kept = this.#keptOf(this.#code, body);
    if (kept !== null) {
      const head = Buffer.of(0xff, this.#code, 0, 0);
      head.writeUInt16BE(kept.length + 2, 2);
      this.#give(head);
      if (kept.length > 0) this.#give(kept);
    }
    this.#step = this.#code === SCAN ? "bits" : "ff";
  }

  /** What stays of a segment; null where nothing does. */
  #keptOf(code: number, body: Buffer): Buffer | null {
    const isAll = this.#stripped === "all";
    if (code === COMMENT) return isAll ? null : body;
    if ((code & 0xf0) !== 0xe0) return body;
    const beginning = body.toString("latin1", 0, 16);
    if (code === 0xe1 && beginning.startsWith(EXIF)) {
      const exif = body.subarray(EXIF.length);
      const kept = isAll ? turned(exif) : withoutLocation(exif);
      return kept && Buffer.concat([body.subarray(0, EXIF.length), kept]);
    }
    const wanted = SHOWN_BY[code];
    return wanted !== undefined && beginning.startsWith(wanted) ? body : null;
  }

  #takeBits(bytes: Uint8Array, start: number): number {
    for (let at = start; ;) {
      const ff = bytes.indexOf(0xff, at);
      if (ff >= 0 && ff + 1 < bytes.length && isOfBits(bytes[ff + 1]!)) {
        at = ff + 2;
        continue;
      }
      const end = ff < 0 ? bytes.length : ff;
      if (end > start) this.#give(bytes.subarray(start, end));
      if (ff < 0) return end;
      this.#step = "bitsFf";
      return ff + 1;
    }
  }
}

/** Behind FF, among bits: a zero that was put in, or a restart. */
function isOfBits(code: number): boolean {
  return code === 0 || (code >= 0xd0 && code <= 0xd7);
}

function turned(exif: Uint8Array): Buffer | null {
  const orientation = orientationOf(exif);
  return orientation === 1 ? null : orientationAlone(orientation);
}

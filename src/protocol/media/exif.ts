// Exif is a TIFF file in a picture: tables of entries (IFDs) that point at values and at each other
// by offsets (TIFF 6.0 §2, Exif 3.0 §4.6). It is edited where it lies, so that no offset moves.
// A table that can't be followed to its end may hide anything: then all but the orientation goes.

const ORIENTATION = 0x0112;
const EXIF_TABLE = 0x8769;
const GPS_TABLE = 0x8825;
/** Cameras keep places in notes of their own; XMP, IPTC and Photoshop's blocks have them, too. */
const WITH_PLACES: ReadonlySet<number> = new Set([0x02bc, 0x83bb, 0x8649, GPS_TABLE, 0x927c]);

const ENTRY_BYTES = 12;
const BYTES_BY_TYPE = [undefined, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const TABLES_MAX = 8;
/** Of values and tables that are blanked, in lengths of the whole: they do not overlap for long. */
const BLANKED_MAX = 4;
const UPRIGHT = 1;

/** `exif` without places; its length stays. Only its orientation where it is malformed. */
export function withoutLocation(exif: Uint8Array): Buffer {
  const copy = Buffer.from(exif);
  if (new Tiff(copy).removePlaces()) return copy;
  return withOrientationOnly(exif);
}

/** As long as `exif`, and nothing left but how the picture is turned. */
export function withOrientationOnly(exif: Uint8Array): Buffer {
  const blank = Buffer.alloc(exif.length);
  const least = orientationAlone(orientationOf(exif));
  if (least.length <= blank.length) least.copy(blank);
  return blank;
}

/** From 1, upright, to 8; 1 where it says none. */
export function orientationOf(exif: Uint8Array): number {
  const bytes = Buffer.from(exif.buffer, exif.byteOffset, exif.length);
  return new Tiff(bytes).orientation();
}

/** The smallest Exif that says it. */
export function orientationAlone(orientation: number): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.write("MM\0*\0\0\0\x08\0\x01", "latin1");
  bytes.writeUInt16BE(ORIENTATION, 10);
  bytes.writeUInt16BE(3, 12);
  bytes.writeUInt32BE(1, 14);
  bytes.writeUInt16BE(orientation, 18);
  return bytes;
}

class Tiff {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  #tables = 0;
  #blanked = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#isLittle = bytes.toString("latin1", 0, 4) === "II*\0";
  }

  orientation(): number {
    const first = this.#firstTable();
    if (first === null) return UPRIGHT;
    for (let entry = first + 2; entry < this.#entriesEnd(first); entry += ENTRY_BYTES) {
      if (this.#u16(entry) !== ORIENTATION || this.#u16(entry + 2) !== 3) continue;
      const value = this.#u16(entry + 8);
      return value > 8 || value < 1 ? UPRIGHT : value;
    }
    return UPRIGHT;
  }

  /** False where it is malformed: then places may be left. */
  removePlaces(): boolean {
    const first = this.#firstTable();
    return first !== null && this.#cleanChain(first);
  }

  #firstTable(): number | null {
    const isTiff = this.#isLittle || this.#bytes.toString("latin1", 0, 4) === "MM\0*";
    if (!isTiff || this.#bytes.length < 8) return null;
    const first = this.#u32(4);
    return this.#isTable(first) ? first : null;
  }

  /** A table and those that follow it. */
  #cleanChain(first: number): boolean {
    for (let table = first; table !== 0;) {
      this.#tables += 1;
      if (this.#tables > TABLES_MAX || !this.#isTable(table) || !this.#clean(table)) return false;
      table = this.#u32(this.#entriesEnd(table));
    }
    return true;
  }

  #clean(table: number): boolean {
    for (let entry = table + 2; entry < this.#entriesEnd(table);) {
      const tag = this.#u16(entry);
      if (tag === EXIF_TABLE && !this.#cleanChain(this.#u32(entry + 8))) return false;
      if (WITH_PLACES.has(tag)) {
        if (tag === GPS_TABLE && !this.#blankTable(this.#u32(entry + 8))) return false;
        if (!this.#blankValue(entry)) return false;
        if (entry >= this.#entriesEnd(table)) return false; // it blanked the table that it is in
        this.#removeEntry(table, entry);
      } else {
        entry += ENTRY_BYTES;
      }
    }
    return true;
  }

  /** What follows it, the offset of the next table too, moves up. */
  #removeEntry(table: number, entry: number): void {
    const end = this.#entriesEnd(table) + 4;
    this.#bytes.copyWithin(entry, entry + ENTRY_BYTES, end);
    this.#bytes.fill(0, end - ENTRY_BYTES, end);
    const count = this.#u16(table) - 1;
    if (this.#isLittle) this.#bytes.writeUInt16LE(count, table);
    else this.#bytes.writeUInt16BE(count, table);
  }

  #blankTable(table: number): boolean {
    if (!this.#isTable(table)) return false;
    const end = this.#entriesEnd(table);
    for (let entry = table + 2; entry < end; entry += ENTRY_BYTES) {
      if (!this.#blankValue(entry)) return false;
    }
    return this.#blank(table, end + 4);
  }

  /** Of values up to four bytes the entry itself has them. */
  #blankValue(entry: number): boolean {
    const unitBytes = BYTES_BY_TYPE[this.#u16(entry + 2)];
    if (unitBytes === undefined) return false;
    const bytes = unitBytes * this.#u32(entry + 4);
    if (bytes <= 4) return true;
    const start = this.#u32(entry + 8);
    return this.#blank(start, start + bytes);
  }

  #blank(start: number, end: number): boolean {
    this.#blanked += end - start;
    if (end > this.#bytes.length || this.#blanked > BLANKED_MAX * this.#bytes.length) return false;
    this.#bytes.fill(0, start, end);
    return true;
  }

  #isTable(table: number): boolean {
    return table >= 8 && table + 2 <= this.#bytes.length && this.#isWithin(table);
  }

  #isWithin(table: number): boolean {
    return this.#entriesEnd(table) + 4 <= this.#bytes.length;
  }

  #entriesEnd(table: number): number {
    return table + 2 + ENTRY_BYTES * this.#u16(table);
  }

  #u16(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  #u32(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }
}

// What formats begin with, as data (WHATWG MIME Sniffing §6, and the formats' own papers). A row is
// for a signature that no text and no other format has by chance: `BM` alone is a word's beginning.

export interface Signature {
  readonly type: string;
  /** In latin1, a character a byte, each from its offset on. */
  readonly pieces: readonly (readonly [offset: number, bytes: string])[];
}

export const SIGNATURES: readonly Signature[] = [
  { type: "image/png", pieces: [[0, "\x89PNG\r\n\x1a\n"]] },
  { type: "image/jpeg", pieces: [[0, "\xff\xd8\xff"]] },
  { type: "image/gif", pieces: [[0, "GIF87a"]] },
  { type: "image/gif", pieces: [[0, "GIF89a"]] },
  {
    type: "image/webp",
    pieces: [
      [0, "RIFF"],
      [8, "WEBPVP8"],
    ],
  },
  {
    type: "image/bmp",
    pieces: [
      [0, "BM"],
      [6, "\0\0\0\0"],
      [15, "\0\0\0"],
    ],
  },
  { type: "image/tiff", pieces: [[0, "II*\0"]] },
  { type: "image/tiff", pieces: [[0, "MM\0*"]] },
  {
    type: "image/x-icon",
    pieces: [
      [0, "\0\0\x01\0"],
      [5, "\0"],
      [9, "\0"],
    ],
  },
  { type: "application/pdf", pieces: [[0, "%PDF-"]] },
  { type: "application/zip", pieces: [[0, "PK\x03\x04"]] },
  { type: "application/zip", pieces: [[0, "PK\x05\x06"]] },
  { type: "application/gzip", pieces: [[0, "\x1f\x8b\x08"]] },
  {
    type: "audio/wav",
    pieces: [
      [0, "RIFF"],
      [8, "WAVE"],
    ],
  },
  { type: "audio/mpeg", pieces: [[0, "ID3\x02"]] },
  { type: "audio/mpeg", pieces: [[0, "ID3\x03"]] },
  { type: "audio/mpeg", pieces: [[0, "ID3\x04"]] },
  { type: "audio/ogg", pieces: [[0, "OggS\0"]] },
  { type: "audio/flac", pieces: [[0, "fLaC"]] },
];

/** A file's `ftyp` box begins at 4 (ISO 14496-12 §4.3), and its major brand says what it is. */
export const BRANDS: Readonly<Record<string, string>> = {
  avif: "image/avif",
  avis: "image/avif",
  heic: "image/heic",
  heix: "image/heic",
  heim: "image/heic",
  heis: "image/heic",
  hevc: "image/heic",
  hevx: "image/heic",
  "qt  ": "video/quicktime",
  "M4A ": "audio/mp4",
  "M4B ": "audio/mp4",
};
/** Brands of any picture: the compatible ones, which follow, say of which. */
export const PICTURE_BRANDS: readonly string[] = ["mif1", "msf1"];
export const OTHER_BRAND = "video/mp4";

/** Matroska's `DocType`, which stands among the first elements, and no signature of its own. */
export const EBML = "\x1a\x45\xdf\xa3";
export const EBML_KINDS: Readonly<Record<string, string>> = {
  webm: "video/webm",
  matroska: "video/x-matroska",
};

/** Whether two names are of one format. */
export const ALIASES: Readonly<Record<string, string>> = {
  "application/ogg": "audio/ogg",
  "application/x-gzip": "application/gzip",
  "application/x-pdf": "application/pdf",
  "application/x-zip-compressed": "application/zip",
  "audio/mp3": "audio/mpeg",
  "audio/vnd.wave": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/webm": "video/webm",
  "audio/x-flac": "audio/flac",
  "audio/x-m4a": "audio/mp4",
  "audio/x-wav": "audio/wav",
  "image/heif": "image/heic",
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/vnd.microsoft.icon": "image/x-icon",
  "image/x-ms-bmp": "image/bmp",
  "image/x-png": "image/png",
  "video/ogg": "audio/ogg",
  "video/x-m4v": "video/mp4",
};

export const BITMAPS: ReadonlySet<string> = new Set([
  "image/avif",
  "image/bmp",
  "image/gif",
  "image/heic",
  "image/jpeg",
  "image/png",
  "image/tiff",
  "image/webp",
  "image/x-icon",
]);

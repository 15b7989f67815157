// What content is, by its first bytes: what a client declares, and a name's extension, are wishes.
// Text is looked at as a browser would, so that nothing is called a picture or plain text which a
// browser runs as a page.
import {
  BRANDS,
  EBML,
  EBML_KINDS,
  OTHER_BRAND,
  PICTURE_BRANDS,
  SIGNATURES,
  type Signature,
} from "./signatures.ts";

/** More than this is not looked at; less than 64 bytes, unless that is all, may be too little. */
export const SNIFFED_BYTES = 1024;

/** Bytes that no text has (WHATWG MIME Sniffing §3, "binary data byte"). */
const BINARY = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/u;
/** What may come before the first tag. */
const BEFORE_TAG = /^(?:\s+|<\?[^>]*>|<!--[^]*?-->)+/u;
const SVG = /^<(?:!doctype\s+svg\b|(?:[\w-]+:)?svg[\s/>])/iu;
const PAGE_TAGS =
  "a|article|audio|b|base|body|br|button|center|details|div|embed|font|form|frameset|h[1-6]|head|" +
  "html|iframe|img|input|li|link|main|math|meta|object|ol|p|script|section|span|style|table|" +
  "template|title|ul|video";
const PAGE = new RegExp(String.raw`^<(?:!doctype\s+html\b|!--|(?:${PAGE_TAGS})[\s/>])`, "iu");

/** The type that `first`, the first bytes of something, shows; null for bytes of no known kind. */
export function mediaTypeOf(first: Uint8Array): string | null {
  const bytes = Buffer.from(first.buffer, first.byteOffset, Math.min(first.length, SNIFFED_BYTES));
  const text = bytes.toString("latin1");
  const found = SIGNATURES.find((signature) => bears(text, signature));
  if (found !== undefined) return found.type;
  if (text.startsWith("ftyp", 4)) return brandedType(text);
  if (text.startsWith(EBML)) return ebmlType(text);
  if (isMpegAudio(bytes)) return "audio/mpeg";
  return textType(bytes, text);
}

function bears(text: string, { pieces }: Signature): boolean {
  return pieces.every(([offset, bytes]) => text.startsWith(bytes, offset));
}

function brandedType(text: string): string {
  const major = text.slice(8, 12);
  if (!PICTURE_BRANDS.includes(major)) return BRANDS[major] ?? OTHER_BRAND;
  for (let at = 16; at + 4 <= Math.min(text.length, 64); at += 4) {
    const type = BRANDS[text.slice(at, at + 4)];
    if (type !== undefined) return type;
  }
  return BRANDS["heic"]!;
}

function ebmlType(text: string): string | null {
  const kind = /\x42\x82[\x80-\xff](webm|matroska)/u.exec(text.slice(0, 64))?.[1];
  return kind === undefined ? null : EBML_KINDS[kind]!;
}

/** A frame's head, of layer III, with a rate that there is (ISO 11172-3 §2.4.2.3). */
function isMpegAudio(bytes: Uint8Array): boolean {
  if (bytes.length < 4 || bytes[0] !== 0xff || (bytes[1]! & 0xe6) !== 0xe2) return false;
  const bitRate = bytes[2]! >> 4;
  const isVersion = (bytes[1]! & 0x18) !== 0x08;
  return isVersion && bitRate !== 0 && bitRate !== 15 && (bytes[2]! & 0x0c) !== 0x0c;
}

function textType(bytes: Buffer, latin1: string): string | null {
  if (latin1 === "") return null;
  const text = decoded(bytes, latin1);
  if (BINARY.test(text)) return null;
  const start = text.replace(BEFORE_TAG, "");
  if (SVG.test(start)) return "image/svg+xml";
  if (PAGE.test(start)) return "text/html";
  return text.trimStart().startsWith("<?xml") ? "text/xml" : "text/plain";
}

function decoded(bytes: Buffer, latin1: string): string {
  if (latin1.startsWith("\xef\xbb\xbf")) return latin1.slice(3);
  if (latin1.startsWith("\xff\xfe")) return bytes.toString("utf16le", 2);
  if (!latin1.startsWith("\xfe\xff")) return latin1;
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString("utf16le", 2);
}

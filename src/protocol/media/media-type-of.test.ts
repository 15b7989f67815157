import assert from "node:assert/strict";
import { test } from "node:test";
import { mediaTypeOf } from "./media-type-of.ts";

const BOX = "\0\0\0\x20ftyp";
const EBML = "\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82";
/** Latin1, a character a byte. */
const SHOWN: [bytes: string, type: string | null][] = [
  ["\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"],
  ["\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"],
  ["\xff\xd8\xff\xdb", "image/jpeg"],
  ["GIF87a", "image/gif"],
  ["GIF89a<script>alert(1)</script>", "image/gif"],
  ["RIFF\x24\0\0\0WEBPVP8 ", "image/webp"],
  ["RIFF\x24\0\0\0WEBPVP8X", "image/webp"],
  [`${BOX}avif\0\0\0\0avifmif1`, "image/avif"],
  [`${BOX}mif1\0\0\0\0mif1avif`, "image/avif"],
  [`${BOX}mif1\0\0\0\0mif1heic`, "image/heic"],
  [`${BOX}heic\0\0\0\0`, "image/heic"],
  ["BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image/bmp"],
  ["II*\0\x08\0\0\0", "image/tiff"],
  ["MM\0*\0\0\0\x08", "image/tiff"],
  ["\0\0\x01\0\x01\0\x10\x10\0\0\x01\0", "image/x-icon"],
  ["%PDF-1.7\n", "application/pdf"],
  ["PK\x03\x04\x14\0", "application/zip"],
  ["PK\x05\x06\0\0", "application/zip"],
  ["\x1f\x8b\x08\0", "application/gzip"],
  [`${BOX}isom\0\0\x02\0`, "video/mp4"],
  [`${BOX}mp42\0\0\0\0`, "video/mp4"],
  [`${BOX}qt  \0\0\0\0`, "video/quicktime"],
  [`${BOX}M4A \0\0\0\0`, "audio/mp4"],
  [`${EBML}\x84webm`, "video/webm"],
  [`${EBML}\x88matroska`, "video/x-matroska"],
  ["ID3\x04\0\0\0\0", "audio/mpeg"],
  ["\xff\xfb\x90\x64\0", "audio/mpeg"],
  ["RIFF\x24\0\0\0WAVEfmt ", "audio/wav"],
  ["OggS\0\x02", "audio/ogg"],
  ["fLaC\0\0\0\x22", "audio/flac"],
  ["<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"],
  ["\xef\xbb\xbf \n<SVG>", "image/svg+xml"],
  ["<?xml version='1.0'?>\n<!-- a -->\n<svg:svg xmlns:svg='a'>", "image/svg+xml"],
  ["<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'>", "image/svg+xml"],
  ["<?xml version='1.0'?><rss>", "text/xml"],
  ["<?xml version='1.0'?><html xmlns='a'>", "text/html"],
  ["<!doctype html>", "text/html"],
  ["\n\t <HTML>", "text/html"],
  ["<script>alert(1)</script>", "text/html"],
  ["<!-- a --><script>", "text/html"],
  ["<!-- that never ends <svg>", "text/html"],
  ["<img/src=x onerror=alert(1)>", "text/html"],
  ["\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0", "text/html"],
  ["\xfe\xff\0<\0b\0>", "text/html"],
  ["\xfe\xff\0a\0", "text/plain"],
  ["BMW is a car, and BMX a bicycle.", "text/plain"],
  ["GIF is a format", "text/plain"],
  ["ID3 tags are odd", "text/plain"],
  ["RIFF, a container", "text/plain"],
  ["%PD", "text/plain"],
  ["<3 hearts", "text/plain"],
  ["<brown>", "text/plain"],
  ['{"a": 1}', "text/plain"],
  ["na\xefve", "text/plain"],
  ["\x1b[1mbold\x1b[0m", "text/plain"],
  ["", null],
  ["\0", null],
  ["MZ\x90\0", null],
  ["\x7fELF\x02\x01\x01\0", null],
  ["a\0<html>", null],
  ["PNG\r\n\x1a\n\0", null],
  [" \x89PNG\r\n\x1a\n\0\0\0\rIHDR", null],
  ["\xff\xfb\xf0\0", null],
  ["\xff\xfb\x00\0", null],
  [`${EBML}\x84else`, null],
];
for (const [bytes, type] of SHOWN) {
  test(`${JSON.stringify(bytes)} shows ${type}`, () => {
    assert.equal(mediaTypeOf(Buffer.from(bytes, "latin1")), type);
  });
}

test("a part of a larger buffer is looked at, and no more than that", () => {
  const bytes = Buffer.from("GIF89a%PDF-1.7GIF89a");
  assert.equal(mediaTypeOf(bytes.subarray(6, 14)), "application/pdf");
  assert.equal(mediaTypeOf(new Uint8Array(bytes.subarray(6, 9))), "text/plain");
});

test("however much there is, and whatever, it is soon looked at", () => {
  for (const text of ["<!--", " ", "<?", "<!-- -->", "\n<?x>", "<"]) {
    assert.notEqual(mediaTypeOf(Buffer.from(text.repeat(100_000))), null);
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  exifWithPlace,
  jpegSegment,
  jpegWith,
  lend,
  PLACE,
  pngChunk,
  pngWith,
  stripPicture,
  stripPieces,
  webpChunk,
  webpWith,
} from "../../testing/index.ts";
import { orientationAlone, orientationOf } from "./exif.ts";
import { MetadataStripper, stripsMetadata } from "./metadata-stripper.ts";

const latin1 = (bytes: Buffer) => bytes.toString("latin1");
const JFIF = jpegSegment(0xe0, "JFIF\0and more");
const PROFILE = jpegSegment(0xe2, "ICC_PROFILE\0\x01\x01colours");
const ADOBE = jpegSegment(0xee, "Adobe\0\x64\0\0\0\0\x01");
const exifSegment = (orientation: number) =>
  jpegSegment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exifWithPlace(orientation)]));
const EXIF = exifSegment(6);
const GONE = [
  jpegSegment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x>${PLACE}</x>`),
  jpegSegment(0xe1, `http://ns.adobe.com/xmp/extension/\0${PLACE}`),
  jpegSegment(0xed, `Photoshop 3.0\0${PLACE}`),
  jpegSegment(0xe2, `MPF\0${PLACE}`),
  jpegSegment(0xe0, `JFXX\0${PLACE}`),
  jpegSegment(0xe5, PLACE),
  jpegSegment(0xe1, ""),
];
const COMMENT = jpegSegment(0xfe, "a comment");

/** The Exif in a stripped JPEG, by its own length. */
function exifIn(jpeg: string): Buffer {
  const start = jpeg.indexOf("Exif\0\0");
  const bytes = Buffer.from(jpeg, "latin1");
  return bytes.subarray(start + 6, start - 2 + bytes.readUInt16BE(start - 2));
}

test("of a JPEG places go; orientation, camera, colours, comments and the picture stay", () => {
  const out = stripPicture(
    "image/jpeg",
    "location",
    jpegWith(JFIF, EXIF, ...GONE, PROFILE, ADOBE, COMMENT),
  );
  assert.ok(!out.includes("PLACE"));
  const exif = exifIn(out);
  assert.equal(orientationOf(exif), 6);
  assert.ok(latin1(exif).includes("Camera & Sons\0"));
  assert.ok(latin1(exif).includes("2026:11:21 10:00:00\0"));
  const edited = jpegSegment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif]));
  assert.equal(out, latin1(jpegWith(JFIF, edited, PROFILE, ADOBE, COMMENT)));
});

test("of a JPEG all goes but how it is turned, its colours and the picture", () => {
  const out = stripPicture(
    "image/jpeg",
    "all",
    jpegWith(JFIF, EXIF, ...GONE, PROFILE, ADOBE, COMMENT),
  );
  const kept = jpegSegment(0xe1, `Exif\0\0${latin1(orientationAlone(6))}`);
  assert.equal(out, latin1(jpegWith(JFIF, kept, PROFILE, ADOBE)));
});

test("of an upright JPEG no Exif stays when all goes", () => {
  const picture = jpegWith(exifSegment(1));
  assert.equal(stripPicture("image/jpeg", "all", picture), latin1(jpegWith()));
});

test("Exif that can't be followed is reduced to its orientation", () => {
  const exif = exifWithPlace(8, "II");
  exif.writeUInt32LE(0xfffffff0, exif.indexOf(Buffer.of(0x25, 0x88)) + 8); // the GPS table's offset
  const segment = jpegSegment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif]));
  const out = stripPicture("image/jpeg", "location", jpegWith(segment));
  assert.equal(orientationOf(exifIn(out)), 8);
  assert.ok(!out.includes("PLACE") && !out.includes("Camera"));
});

test("what follows the end of a JPEG goes", () => {
  const film = Buffer.from(`\0\0\0\x20ftypmp42 ${PLACE}`);
  const out = stripPicture(
    "image/jpeg",
    "location",
    Buffer.concat([jpegWith(), film, jpegWith(EXIF)]),
  );
  assert.equal(out, latin1(jpegWith()));
});

test("bytes that fill up before a marker may go, the rest stays", () => {
  const filled = latin1(jpegWith(JFIF)).replaceAll("\xff\xda", "\xff\xff\xff\xda");
  const picture = Buffer.from(filled, "latin1");
  assert.equal(stripPicture("image/jpeg", "location", picture), latin1(jpegWith(JFIF)));
});

test("a JPEG whose last bits are missing is taken", () => {
  const cut = jpegWith(JFIF).subarray(0, -5);
  assert.equal(stripPicture("image/jpeg", "all", cut), latin1(cut));
});

const PNG_EXIF = pngChunk("eXIf", exifWithPlace(3));
const SHOWN = [
  pngChunk("iCCP", "colours\0\0data"),
  pngChunk("pHYs", "\0\0\0\x01\0\0\0\x01\x01"),
  pngChunk("fcTL", "frame"),
];
const TEXT = [pngChunk("tEXt", "Title\0a dot"), pngChunk("tIME", "\x07\xea\x0b\x15\x0a\0\0")];
const LONG_TEXT = pngChunk("zTXt", `Comment\0\0${"x".repeat(300)}`);
const PNG_GONE = [
  pngChunk("iTXt", `XML:com.adobe.xmp\0\0\0\0\0<x>${PLACE}</x>`),
  pngChunk("zTXt", `Raw profile type exif\0\0${PLACE}${"x".repeat(200)}`),
  pngChunk("tEXt", `raw profile type iptc\0${PLACE}`),
  pngChunk("caBX", PLACE),
  pngChunk("eXIf", Buffer.alloc(70_000, PLACE)),
];

test("of a PNG places go; orientation, colours, texts and the picture stay", () => {
  const picture = pngWith(...SHOWN, PNG_EXIF, ...PNG_GONE.slice(0, 4), ...TEXT, LONG_TEXT);
  const out = stripPicture("image/png", "location", picture);
  assert.ok(!out.includes("PLACE"));
  const start = out.indexOf("eXIf") + 4;
  const exif = Buffer.from(out.slice(start, start + exifWithPlace(3).length), "latin1");
  assert.equal(orientationOf(exif), 3);
  assert.ok(latin1(exif).includes("Camera"));
  assert.equal(out, latin1(pngWith(...SHOWN, pngChunk("eXIf", exif), ...TEXT, LONG_TEXT)));
});

test("of a PNG all goes but how it is turned, its colours and the picture", () => {
  const picture = pngWith(...SHOWN, PNG_EXIF, ...PNG_GONE.slice(0, 4), ...TEXT, LONG_TEXT);
  const kept = pngChunk("eXIf", orientationAlone(3));
  assert.equal(stripPicture("image/png", "all", picture), latin1(pngWith(...SHOWN, kept)));
});

test("Exif that is longer than Exif can be goes, and so does what follows a PNG", () => {
  const picture = latin1(Buffer.concat([pngWith(PNG_GONE[4]!), Buffer.from(PLACE)]));
  const pieces = picture.match(/[^]{1,1000}/gu)!;
  assert.equal(stripPieces("image/png", "location", lend(pieces)), latin1(pngWith()));
});

const FRAME = webpChunk("VP8 ", "bits of odd length");
const WHOLE: Record<string, Buffer> = {
  "image/jpeg": jpegWith(EXIF),
  "image/png": pngWith(PNG_EXIF, TEXT[0]!),
  "image/webp": webpWith(FRAME, webpChunk("EXIF", exifWithPlace(6))),
};
for (const [type, whole] of Object.entries(WHOLE)) {
  test(`${type} that is cut is refused`, () => {
    const end = type === "image/jpeg" ? whole.indexOf("bits") : whole.length;
    for (let cut = 0; cut < end; cut += 1) {
      const seen = stripPieces(type, "location", lend([latin1(whole.subarray(0, cut))]));
      assert.equal(seen, `${type}, cut`, `cut at ${cut}`);
    }
  });
}

const replaced = (picture: Buffer, from: string, to: string): Buffer =>
  Buffer.from(latin1(picture).replace(from, to), "latin1");
const MALFORMED: [type: string, what: string, picture: Buffer][] = [
  ["image/jpeg", "no JPEG", Buffer.from("GIF89a")],
  [
    "image/jpeg",
    "a length below its own",
    replaced(jpegWith(), "\xff\xc2\0\x07", "\xff\xc2\0\x01"),
  ],
  ["image/jpeg", "bytes between segments", replaced(jpegWith(), "\xff\xc2", "x\xff\xc2")],
  ["image/jpeg", "a marker that there is not", replaced(jpegWith(), "\xff\xc2", "\xff\x02")],
  ["image/jpeg", "a picture in a picture", replaced(jpegWith(), "\xff\xc2", "\xff\xd8")],
  ["image/jpeg", "a wrong marker among bits", replaced(jpegWith(), "bits\xff\0", "bits\xff\x01")],
  ["image/png", "no PNG", Buffer.from("\x89PNG\n\x1a\n\0", "latin1")],
  ["image/png", "no IHDR first", replaced(pngWith(), "IHDR", "IDAT")],
  ["image/png", "IHDR twice", replaced(pngWith(), "IDAT", "IHDR")],
  ["image/png", "a type that is none", replaced(pngWith(), "IDAT", "ID T")],
  [
    "image/png",
    "a length of 2 GiB",
    replaced(pngWith(TEXT[0]!), "\0\0\0\x0btEXt", "\x80\0\0\0tEXt"),
  ],
  ["image/webp", "no WebP", Buffer.from("RIFF\x10\0\0\0WAVEfmt \0\0\0\0")],
  ["image/webp", "no RIFF", replaced(webpWith(FRAME), "RIFF", "RIFX")],
  ["image/webp", "no chunk", webpWith()],
  ["image/webp", "a chunk that is too long", replaced(webpWith(FRAME), "VP8 \x12", "VP8 \x16")],
  ["image/webp", "a chunk that is cut", replaced(webpWith(FRAME), "VP8 \x12", "VP8 \x10")],
  ["image/webp", "features that are too long", webpWith(webpChunk("VP8X", "\0".repeat(12)), FRAME)],
];
for (const [type, what, picture] of MALFORMED) {
  test(`${type}: ${what} is refused`, () => {
    assert.equal(stripPicture(type, "location", picture), `${type}, out of order`);
  });
}

for (const [type, file] of [
  ["image/png", "files/floors/waves.png"],
  ["image/webp", "clips/day.webp"],
] as const) {
  test(`${file} of the demo, which has no metadata, stays as it is`, () => {
    const url = new URL(`../../../examples/demo/${file}`, import.meta.url);
    const picture = readFileSync(url, "latin1");
    const pieces = picture.match(/[^]{1,777}/gu)!;
    assert.equal(stripPieces(type, "location", lend(pieces)), picture);
    assert.equal(stripPieces(type, "all", lend(pieces)), picture);
  });
}

test("other formats are not known here", () => {
  assert.ok(stripsMetadata("image/jpeg") && !stripsMetadata("image/heic"));
  assert.ok(!stripsMetadata("constructor"));
  for (const type of ["image/bmp", "constructor"]) {
    assert.throws(() => new MetadataStripper(type, "all", () => {}), TypeError);
  }
});

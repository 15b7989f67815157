import assert from "node:assert/strict";
import { test } from "node:test";
import { exifWithPlace, PLACE, stripPicture, webpChunk, webpWith } from "../../testing/index.ts";
import { orientationOf } from "./exif.ts";

const latin1 = (bytes: Buffer) => bytes.toString("latin1");
const FEATURES = "\x2c\0\0\0\0\0\0\0\0\0";
const FRAME = webpChunk("VP8 ", "bits of odd length");

test("of a WebP places are blanked where they lie, and its length stays", () => {
  const gone = [webpChunk("XMP ", `<x>${PLACE}</x>`), webpChunk("OWN ", PLACE)];
  const exif = exifWithPlace(6, "II");
  const picture = webpWith(webpChunk("VP8X", FEATURES), FRAME, webpChunk("EXIF", exif), ...gone);
  const out = stripPicture("image/webp", "location", picture);
  assert.ok(!out.includes("PLACE"));
  const start = out.indexOf("EXIF") + 8;
  const edited = Buffer.from(out.slice(start, start + exif.length), "latin1");
  assert.equal(orientationOf(edited), 6);
  assert.ok(latin1(edited).includes("Camera"));
  const features = webpChunk("VP8X", FEATURES.replace("\x2c", "\x28"));
  const blanked = gone.map((chunk) => webpChunk("JUNK", Buffer.alloc(chunk.readUInt32LE(4))));
  assert.equal(out, latin1(webpWith(features, FRAME, webpChunk("EXIF", edited), ...blanked)));
});

test("of a WebP all is blanked but how it is turned", () => {
  const prefixed = Buffer.concat([Buffer.from("Exif\0\0"), exifWithPlace(6)]);
  const picture = webpWith(webpChunk("VP8X", FEATURES), FRAME, webpChunk("EXIF", prefixed));
  const out = stripPicture("image/webp", "all", Buffer.concat([picture, Buffer.from(PLACE)]));
  assert.equal(out.length, picture.length);
  const exif = Buffer.from(out.slice(out.indexOf("Exif") + 6), "latin1");
  assert.equal(orientationOf(exif), 6);
  assert.match(latin1(exif.subarray(26)), /^\0+$/u);
});

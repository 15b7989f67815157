// Pictures that went wrong are refused or stripped, alike however they are cut; nothing is thrown,
// and no more comes out than went in, but for an Exif that is made anew.
//
// FUZZ_SEED=7 chooses others, FUZZ_COUNT=500000 more of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MetadataStripper, type Stripped } from "../../src/protocol/index.ts";
import {
  exifWithPlace,
  jpegSegment,
  jpegWith,
  pngChunk,
  pngWith,
  webpChunk,
  webpWith,
} from "../../src/testing/index.ts";
import { mutated } from "./mutate.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const COUNT = Number(process.env["FUZZ_COUNT"] ?? 20_000);
const EXIF = exifWithPlace(6);
const LITTLE = exifWithPlace(6, "II");
const MADE_ANEW_BYTES = 64;

const PICTURES: Readonly<Record<string, readonly Buffer[]>> = {
  "image/jpeg": [EXIF, LITTLE].map((exif) => {
    const segment = jpegSegment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif]));
    return jpegWith(jpegSegment(0xe0, "JFIF\0"), segment, jpegSegment(0xfe, "comment"));
  }),
  "image/png": [EXIF, LITTLE].map((exif) =>
    pngWith(pngChunk("eXIf", exif), pngChunk("tEXt", "Title\0dot"), pngChunk("iTXt", "XML:x")),
  ),
  "image/webp": [EXIF, LITTLE].map((exif) =>
    webpWith(webpChunk("VP8 ", "bits"), webpChunk("EXIF", exif), webpChunk("XMP ", "<x/>")),
  ),
};

function stripped(
  type: string,
  what: Stripped,
  bytes: Buffer,
  pieceBytes: number,
): Buffer | string {
  const out: Buffer[] = [];
  const stripper = new MetadataStripper(type, what, (piece) => out.push(Buffer.from(piece)));
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    const failure = stripper.feed(piece);
    if (failure !== null) return failure.detail;
    piece.fill(0x21);
  }
  return stripper.end()?.detail ?? Buffer.concat(out);
}

for (const [type, seeds] of Object.entries(PICTURES)) {
  test(`${COUNT} mutants of ${type} do no harm (seed ${SEED})`, () => {
    let refused = 0;
    for (let number = 0; number < COUNT; number += 1) {
      const random = new Random(SEED * 1_000_003 + number);
      const bytes = mutated(seeds, random);
      const what = random.pick(["location", "all"] as const);
      const whole = stripped(type, what, bytes, bytes.length);
      const cut = stripped(type, what, bytes, 1 + random.below(20));
      const picture = `seed ${SEED}, number ${number}, ${JSON.stringify(bytes.toString("latin1"))}`;
      assert.deepEqual(cut, whole, picture);
      if (typeof whole === "string") refused += 1;
      else assert.ok(whole.length <= bytes.length + MADE_ANEW_BYTES, picture);
    }
    assert.ok(refused > COUNT / 20 && refused < COUNT, `${refused} were refused`);
  });
}

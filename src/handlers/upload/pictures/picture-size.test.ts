import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { Failure } from "../../../base/failure.ts";
import { clientWithoutWorkers } from "../../../runtime/index.ts";
import { withTemporaryFolder } from "../../../testing/index.ts";
import { Pictures } from "./pictures.ts";
import { readSize } from "./picture-size.ts";

async function seen(content: Uint8Array, maxPixels = 1_000_000): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, "picture");
    await writeFile(path, content);
    const found = await readSize(path, maxPixels);
    return found instanceof Failure ? found.code : `${found.width}x${found.height} ${found.type}`;
  });
}

function plain(width: number, height: number, channels: 3 | 4 = 3) {
  return sharp({ create: { width, height, channels, background: "#c008" } });
}

const FORMS = {
  jpeg: () => plain(301, 200).jpeg(),
  "progressive jpeg": () => plain(301, 200).jpeg({ progressive: true }),
  "jpeg with a profile and EXIF": () =>
    plain(301, 200)
      .jpeg()
      .withIccProfile("p3")
      .withExif({ IFD0: { Artist: "x".repeat(9999) } }),
  png: () => plain(301, 200).png(),
  "interlaced png": () => plain(301, 200, 4).png({ progressive: true }),
  gif: () => plain(301, 200).gif(),
  webp: () => plain(301, 200).webp(),
  "lossless webp": () => plain(301, 200).webp({ lossless: true }),
  "webp with alpha": () => plain(301, 200, 4).webp(),
  "webp with EXIF": () =>
    plain(301, 200)
      .webp()
      .withExif({ IFD0: { Artist: "Ann" } }),
};

for (const [name, make] of Object.entries(FORMS)) {
  test(`${name} has the size that its decoder sees, and none where it is cut`, async () => {
    const content = await make().toBuffer();
    assert.equal(await seen(content), `301x200 image/${/jpeg|png|gif|webp/.exec(name)![0]}`);
    assert.equal(await seen(content, 301 * 200 - 1), "pictureTooLarge");
    assert.equal(await seen(content.subarray(0, 20)), "pictureUnreadable");
  });
}

function bytes(text: string): Buffer {
  return Buffer.from(text.padEnd(64, "\0"), "latin1");
}

for (const [name, content] of [
  ["nothing", Buffer.alloc(0)],
  ["zeros", Buffer.alloc(100)],
  ["an SVG", bytes("<svg></svg>")],
  ["a GIF without pixels", bytes("GIF89a\0\0\0\0")],
  ["a PNG without its head", bytes("\x89PNG\r\n\x1a\n\0\0\0\rIDAT")],
  ["a WebP of no known kind", bytes("RIFF....WEBPVP9 ")],
  ["a WebP frame without its sign", bytes("RIFF....WEBPVP8 ")],
  ["a JPEG that ends", bytes("\xff\xd8\xff\xd9")],
  ["a JPEG that has pixels before a frame", bytes("\xff\xd8\xff\xda\0\x08")],
  ["a JPEG whose segment is too short", bytes("\xff\xd8\xff\xe0\0\x01")],
  ["a JPEG whose segment leads beyond its end", bytes("\xff\xd8\xff\xe0\xff\xff")],
  ["a JPEG full of nothing", bytes(`\xff\xd8${"\xff".repeat(60)}`)],
] as const) {
  test(`${name} has no size`, async () => {
    assert.equal(await seen(content), "pictureUnreadable");
  });
}

test("a JPEG of segments without end is given up", async () => {
  const content = Buffer.concat([
    bytes("\xff\xd8").subarray(0, 2),
    ...Array.from({ length: 5000 }, () => Buffer.from("\xff\xe0\0\x02", "latin1")),
  ]);
  assert.equal(await seen(content), "pictureUnreadable");
});

test("without sharp pictures are looked at all the same", async () => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "picture");
    await writeFile(path, await plain(30, 20).png().toBuffer());
    const nothing = (): void => {};
    const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
    const coordinator = clientWithoutWorkers();
    const pictures = new Pictures(1000, { coordinator, log, withoutSharp: true });
    assert.deepEqual(await pictures.look(path), { width: 30, height: 20, type: "image/png" });
  });
});

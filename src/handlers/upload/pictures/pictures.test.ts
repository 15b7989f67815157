import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { Failure } from "../../../base/failure.ts";
import { clientWithoutWorkers } from "../../../runtime/index.ts";
import { withTemporaryFolder } from "../../../testing/index.ts";
import { Pictures } from "./pictures.ts";

const nothing = (): void => {};
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const pictures = new Pictures(1_000_000, { coordinator: clientWithoutWorkers(), log });

function plain(width: number, height: number, background = "#c00"): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** Red above blue. */
async function twoColors(width: number, height: number): Promise<Sharp> {
  const blue = await plain(width, height / 2, "#00c")
    .png()
    .toBuffer();
  return plain(width, height).composite([{ input: blue, left: 0, top: height / 2 }]);
}

async function withFile(
  content: string | Uint8Array,
  use: (path: string) => Promise<void>,
  name = "picture",
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, content);
    await use(path);
  });
}

async function seen(path: string): Promise<string> {
  const found = await pictures.look(path);
  return found instanceof Failure ? found.code : `${found.width}x${found.height} ${found.type}`;
}

async function thumbnailOf(path: string, width: number): Promise<Buffer> {
  const bytes = await pictures.thumbnail(path, width);
  assert.ok(!(bytes instanceof Failure), JSON.stringify(bytes));
  return Buffer.from(bytes);
}

async function codeOf(path: string): Promise<string> {
  const bytes = await pictures.thumbnail(path, 64);
  return bytes instanceof Failure ? bytes.code : "made";
}

for (const format of ["jpeg", "png", "webp", "gif", "avif"] as const) {
  test(`${format} is looked at and made smaller`, async () => {
    const content = await plain(200, 100)[format]().toBuffer();
    await withFile(content, async (path) => {
      assert.equal(await seen(path), `200x100 image/${format}`);
      const { width, height, format: made } = await sharp(await thumbnailOf(path, 64)).metadata();
      assert.deepEqual({ width, height, made }, { width: 64, height: 32, made: "webp" });
    });
  });
}

test("a picture is never enlarged", async () => {
  await withFile(await plain(20, 10).png().toBuffer(), async (path) => {
    const { width, height } = await sharp(await thumbnailOf(path, 64)).metadata();
    assert.deepEqual({ width, height }, { width: 20, height: 10 });
  });
});

test("a thumbnail is upright, and tells nothing of where it was made", async () => {
  const content = await (
    await twoColors(100, 200)
  )
    .jpeg()
    .withExif({ IFD0: { Artist: "Ann" }, IFD3: { GPSLatitude: "52/1 30/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  await withFile(content, async (path) => {
    assert.equal(await seen(path), "200x100 image/jpeg");
    const made = sharp(await thumbnailOf(path, 64));
    const { width, height, exif, orientation, icc, xmp } = await made.metadata();
    assert.deepEqual({ width, height }, { width: 64, height: 32 });
    assert.deepEqual([exif, orientation, icc, xmp], [undefined, undefined, undefined, undefined]);
    // Turned by a quarter to the right: what was above is at the right.
    const { data, info } = await made.raw().toBuffer({ resolveWithObject: true });
    const last = data.subarray((info.width - 1) * info.channels, info.width * info.channels);
    assert.ok(data[2]! > 150 && data[0]! < 100 && last[0]! > 150 && last[2]! < 100);
  });
});

test("of an animation the first frame is shown", async () => {
  const frames = [
    await plain(40, 40).png().toBuffer(),
    await plain(40, 40, "#00c").png().toBuffer(),
  ];
  const content = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  assert.equal((await sharp(content).metadata()).pages, 2);
  await withFile(content, async (path) => {
    assert.equal(await seen(path), "40x40 image/gif");
    const made = await thumbnailOf(path, 32);
    assert.equal((await sharp(made).metadata()).pages ?? 1, 1);
    const { dominant } = await sharp(made).stats();
    assert.ok(dominant.r > dominant.b);
  });
});

test("a strip becomes no strip of a thumbnail", async () => {
  await withFile(await plain(2, 20_000).png().toBuffer(), async (path) => {
    const { width, height } = await sharp(await thumbnailOf(path, 64)).metadata();
    assert.deepEqual({ width, height }, { width: 1, height: 256 });
  });
});

/** A PNG that says it is so large; its pixels are `zeros` zero bytes. */
function pngOf(width: number, height: number, zeros: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1; // a bit a pixel
  const pixels = chunk("IDAT", deflateSync(Buffer.alloc(zeros)));
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([signature, chunk("IHDR", head), pixels, chunk("IEND", Buffer.alloc(0))]);
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>';

const HOSTILE: Record<string, () => Promise<Uint8Array | string> | Uint8Array | string> = {
  "nothing at all": () => "",
  "zero bytes": () => Buffer.alloc(10_000),
  "a text": () => "hello ".repeat(100),
  "an SVG": () => SVG,
  "an SVG with a declaration": () => `<?xml version="1.0"?>${SVG}`,
  "a PDF": () => "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n",
  "a TIFF of many pages": async () => {
    const page = await plain(20, 20).png().toBuffer();
    return sharp(
      Array.from({ length: 50 }, () => page),
      { join: { animated: true } },
    )
      .tiff()
      .toBuffer();
  },
  "a PNG without pixels": () => pngOf(0, 0, 0),
  "a GIF without pixels": () => Buffer.from("GIF89a\0\0\0\0\0\0\0;".padEnd(64, "\0"), "latin1"),
  "a head of a JPEG alone": () => Buffer.from("\xff\xd8\xff\xe0", "latin1"),
  "a page in front of a picture": async () =>
    Buffer.concat([Buffer.from("<script>"), await plain(9, 9).jpeg().toBuffer()]),
  "a HEIC": () => Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic".padEnd(64, "\0"), "latin1"),
};

for (const [name, content] of Object.entries(HOSTILE)) {
  test(`${name} is no picture`, async () => {
    await withFile(await content(), async (path) => {
      assert.equal(await seen(path), "pictureUnreadable");
      assert.equal(await codeOf(path), "pictureUnreadable");
    });
  });
}

test("a picture of 50000 x 50000 pixels is too large, however few bytes it has", async () => {
  await withFile(pngOf(50_000, 50_000, 6251 * 100), async (path) => {
    assert.equal(await seen(path), "pictureTooLarge");
    assert.equal(await codeOf(path), "pictureUnreadable"); // never asked for behind a look
  });
});

test("as many pixels as may be are fine, one more is not", async () => {
  await withFile(await plain(1000, 1000).png().toBuffer(), async (path) => {
    assert.equal(await seen(path), "1000x1000 image/png");
    assert.equal(await codeOf(path), "made");
  });
  await withFile(await plain(1000, 1001).png().toBuffer(), async (path) => {
    assert.equal(await seen(path), "pictureTooLarge");
  });
});

for (const format of ["jpeg", "png", "webp", "gif", "avif"] as const) {
  test(`a ${format} that was cut off is looked at, and no thumbnail is made`, async () => {
    const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
    const create = { width: 200, height: 200, channels: 3, background: "#000", noise } as const;
    const content = await sharp({ create })[format]().toBuffer();
    await withFile(content.subarray(0, content.length * 0.6), async (path) => {
      assert.match(await seen(path), /^200x200|^pictureUnreadable$/);
      assert.equal(await codeOf(path), "pictureUnreadable");
    });
  });
}

test("what hangs behind a picture does not come along", async () => {
  const hidden = Buffer.from("<script>alert(1)</script>".repeat(10));
  const content = Buffer.concat([await plain(90, 90).jpeg().toBuffer(), hidden]);
  await withFile(content, async (path) => {
    assert.equal(await seen(path), "90x90 image/jpeg");
    assert.ok(!(await thumbnailOf(path, 64)).includes("script"));
  });
});

test("a name is a name: what stands in brackets is no option", async () => {
  const content = await plain(90, 90).gif().toBuffer();
  for (const name of ["a[page=7].gif", "-v", "a b\n", "a,b"]) {
    await withFile(
      content,
      async (path) => assert.equal(await seen(path), "90x90 image/gif"),
      name,
    );
  }
});

test("links, folders, pipes and what is missing are no pictures", async () => {
  await withTemporaryFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    await writeFile(at("real"), await plain(9, 9).png().toBuffer());
    await symlink("real", at("link"));
    await mkdir(at("folder"));
    execFileSync("mkfifo", [at("pipe")]);
    for (const name of ["link", "folder", "pipe", "missing"]) {
      assert.equal(await seen(at(name)), "pictureUnreadable", name);
    }
  });
});

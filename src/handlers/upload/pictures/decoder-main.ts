// The process that decodes pictures that strangers sent. Whatever a decoder of C makes of them
// happens here: no secret is in its memory or environment, its memory is bounded, and its end costs
// one picture. It ends when its worker does.
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import type { Sharp, SharpOptions } from "sharp";
import type { AnswerLine, Question } from "./messages.ts";

const { default: sharp } = await import("sharp");

const NICE = 10;
const QUALITY = 80;
const EFFORT = 3;
/** So tall, for its width, a thumbnail may be: a strip of a pixel by a million is no thumbnail. */
const HEIGHT_FACTOR_MAX = 4;
const STDOUT = 1;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

// The formats of the web; what else libvips reads (SVG, PDF, TIFF, ImageMagick's hundreds) is more
// to be attacked through than anybody uploads.
const LOADERS = ["JpegFile", "PngFile", "WebpFile", "NsgifFile", "HeifFile"];
const TYPES: Readonly<Record<string, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  heif: "image/avif",
};

setPriority(NICE);
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: LOADERS.map((name) => `VipsForeignLoad${name}`) });
sharp.cache(false);
sharp.concurrency(1);
// Its worker is gone. Not by `exit`, which would wait for a decoder that hangs.
process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
tell({ kind: "ready" });
for await (const line of createInterface({ input: process.stdin })) {
  await answer(JSON.parse(line) as Question);
}

async function answer(question: Question): Promise<void> {
  let fd: number | null = null;
  try {
    fd = openSync(question.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    // It is opened again below, and nothing else would do that without waiting.
    if (!fstatSync(fd).isFile()) throw new Error("no file");
    // By its descriptor: libvips takes what stands in brackets in a name for options.
    const path = `/proc/self/fd/${fd}`;
    if (question.what === "look") tell(await look(path, question.maxPixels));
    else {
      const bytes = await thumbnail(path, question);
      tell({ kind: "bytes", length: bytes.length });
      writeAll(bytes);
    }
  } catch (error) {
    tell({ kind: "refused", code: "pictureUnreadable", detail: (error as Error).message });
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** Of the head alone: nothing is decoded. */
async function look(path: string, maxPixels: number): Promise<AnswerLine> {
  const found = await open(path, { limitInputPixels: false }).metadata();
  const { width, height, orientation = 1, format, compression } = found;
  const type = TYPES[format];
  // The same box holds HEIC, which is not decoded here, nor by browsers.
  const isOther = format === "heif" && compression !== "av1";
  if (type === undefined || isOther || !(width > 0 && height > 0)) {
    return {
      kind: "refused",
      code: "pictureUnreadable",
      detail: `${format} of ${width}x${height}`,
    };
  }
  if (width * height > maxPixels) {
    return { kind: "refused", code: "pictureTooLarge", detail: `${width}x${height}` };
  }
  const isLying = orientation >= 5;
  return { kind: "size", width: isLying ? height : width, height: isLying ? width : height, type };
}

async function thumbnail(
  path: string,
  { width, maxPixels }: Question & { what: "thumbnail" },
): Promise<Buffer> {
  const height = width * HEIGHT_FACTOR_MAX;
  return open(path, { limitInputPixels: maxPixels })
    .autoOrient()
    .resize({ width, height, fit: "inside", withoutEnlargement: true })
    .webp({ quality: QUALITY, effort: EFFORT })
    .toBuffer();
}

/** Its first frame. What is cut off is no picture. */
function open(path: string, options: SharpOptions): Sharp {
  return sharp(path, { ...options, failOn: "error", sequentialRead: true });
}

function tell(line: AnswerLine): void {
  const short = line.kind === "refused" ? { ...line, detail: line.detail.slice(0, 500) } : line;
  writeAll(Buffer.from(`${JSON.stringify(short)}\n`));
}

/** Waits where the pipe is full: there is nothing else to do here. */
function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(STDOUT, bytes, at);
}

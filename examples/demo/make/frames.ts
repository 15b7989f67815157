// A day under the portico, as raw video: `node make/frames.ts WIDTH HEIGHT` writes frames of red,
// green and blue bytes to standard output, for an encoder to read.

import { writeSync } from "node:fs";

import { paintArcade } from "./arcade.ts";

const FRAMES_PER_SECOND = 24;
const SECONDS = 16;
const FIRST_HOUR = 4.9;
const LAST_HOUR = 22.7;
const STANDARD_OUTPUT = 1;

const width = Number(process.argv[2] ?? 768);
const height = Number(process.argv[3] ?? 432);
const frames = FRAMES_PER_SECOND * SECONDS;
for (let frame = 0; frame < frames; frame += 1) {
  const hour = FIRST_HOUR + ((LAST_HOUR - FIRST_HOUR) * frame) / (frames - 1);
  const pixels = paintArcade(width, height, hour, frame / FRAMES_PER_SECOND);
  // The pipe may take less than a frame at once.
  for (let at = 0; at < pixels.length;) at += writeSync(STANDARD_OUTPUT, pixels, at);
}

// Paints the demo's pictures: `node make/pictures.ts FOLDER`. The same bytes come out every time.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { paintArcade, paintLandscape } from "./arcade.ts";
import { encodePng } from "./png.ts";

const HOURS = { dawn: 6.4, noon: 11.5, afternoon: 16.9, dusk: 19.1, night: 22.5 };
// Behind the arches of the first page, the temple and the moon each stand in the middle of one.
const VIEWS = { "view-light": 17.9, "view-dark": 23.75 };
const VIEW_PAN = 0.075;

const folder = process.argv[2] ?? ".";
mkdirSync(folder, { recursive: true });
save("portico", paintArcade(1920, 1080, 16.9), 1920, 1080);
for (const [name, hour] of Object.entries(HOURS)) {
  save(name, paintLandscape(1600, hour), 1600, 900);
}
for (const [name, hour] of Object.entries(VIEWS)) {
  save(name, paintLandscape(1920, hour, VIEW_PAN), 1920, 1080);
}

function save(name: string, pixels: Uint8Array, width: number, height: number): void {
  const file = encodePng(pixels, width, height);
  writeFileSync(join(folder, `${name}.png`), file);
  console.log(`${name}.png ${width}x${height} ${file.length} bytes`);
}

// Draws an SVG of every arch of the atlas: `node make/arches.ts`. The drawings know light and dark.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

interface Arch {
  readonly slug: string;
  readonly name: string;
  readonly line: string;
}

// Sky above, sky below, hills: an hour of the day for each drawing, in the order of the atlas.
const SKIES = [
  ["#8fb8d8", "#f3e3c8", "#7d8f86"],
  ["#7fb0d6", "#dcebf0", "#6f8f7d"],
  ["#6f9fca", "#e9ecdf", "#6d8a80"],
  ["#86aed0", "#fbe0b0", "#8a8f72"],
  ["#7f90c0", "#f9c79a", "#7c748c"],
  ["#5d639c", "#f59a6a", "#6d567f"],
  ["#3d4480", "#d07a80", "#463f6c"],
  ["#1b2552", "#56609a", "#232b55"],
] as const;

const here = new URL(".", import.meta.url);
const folder = new URL("../pictures/arches/", here);
mkdirSync(folder, { recursive: true });
const arches: Arch[] = JSON.parse(
  readFileSync(new URL("../public/atlas/arches.json", here), "utf8"),
);
for (const [index, arch] of arches.entries()) {
  writeFileSync(new URL(`${arch.slug}.svg`, folder), drawing(arch, SKIES[index % SKIES.length]!));
}

function drawing({ name, line }: Arch, [high, low, hills]: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 300" role="img">
  <title>${name} arch</title>
  <style>
    .wall { fill: #e9dfcc } .ring { stroke: #d8c8a8 } .edge { stroke: #8a7558 }
    .step { fill: #d8c8a8 } .joint { stroke: #cdbd9e }
    @media (prefers-color-scheme: dark) {
      .wall { fill: #2a2d36 } .ring { stroke: #3a3d47 } .edge { stroke: #a8977c }
      .step { fill: #3a3d47 } .joint { stroke: #363943 }
    }
  </style>
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0.1" stop-color="${high}"/><stop offset="0.72" stop-color="${low}"/>
    </linearGradient>
    <clipPath id="opening"><path d="${line}"/></clipPath>
  </defs>
  <path class="wall" d="M0 0H240V300H0Z"/>
  <path class="joint" fill="none" d="M0 40H240M0 88H240M0 136H240M0 184H240M0 232H240"/>
  <path class="joint" fill="none" d="M60 0V40M170 0V40M20 40V88M220 40V88M24 88V136"/>
  <path class="joint" fill="none" d="M214 136V184M22 184V232M216 232V280"/>
  <path class="ring" d="${line}" fill="none" stroke-width="30" stroke-linejoin="round"/>
  <g clip-path="url(#opening)">
    <path fill="url(#sky)" d="M0 0H240V300H0Z"/>
    <circle cx="146" cy="172" r="13" fill="#fff7e2"/>
    <path fill="${hills}" fill-opacity="0.55" d="M30 214Q64 176 92 196T150 204T214 186V240H30Z"/>
    <path fill="${hills}" d="M30 222Q70 202 104 214T176 212T214 208V240H30Z"/>
    <path fill="${low}" d="M30 226H214V300H30Z"/>
    <path fill="${high}" fill-opacity="0.55" d="M30 226H214V300H30Z"/>
    <path stroke="#fff7e2" stroke-opacity="0.8" stroke-width="2" stroke-linecap="round"
      d="M134 234H158M140 242H170M128 250H152M138 259H164M130 268H150"/>
    <path d="${line}" fill="none" stroke="#000" stroke-opacity="0.22" stroke-width="14"
      transform="translate(-3 -2)"/>
  </g>
  <path class="edge" d="${line}" fill="none" stroke-width="1.5"/>
  <path class="step" d="M24 280H216V288H228V300H12V288H24Z"/>
  <path class="edge" d="M24 280H216M12 288H228" fill="none"/>
</svg>
`;
}

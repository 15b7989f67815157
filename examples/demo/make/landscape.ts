// A lake among hills, painted pixel by pixel. From back to front: the sky with its clouds, sun,
// moon and stars; ridges, each nearer one darker and less hazy; the water, which shows all that
// once more, upside down and rippled; a temple on a point of land; the near shore with its trees.
//
// x runs from 0 to 1 over a picture of 16:9, y from 0 at the top to 1 at the bottom. An edge is
// a coverage between 0 and 1 over one pixel, so that one sample a pixel is enough.

import type { Light } from "./light.ts";
import { add, clamp, hash, layers, mix, noise, scale, smooth, type Rgb } from "./paint.ts";

const ASPECT = 16 / 9;
const WATERLINE = 0.6;
const STARS_PER_WIDTH = 130;

interface Ridge {
  readonly seed: number;
  readonly top: number;
  readonly rise: number;
  readonly grain: number;
  readonly near: number; // 0 is lost in the haze, 1 is here
}

const RIDGES: readonly Ridge[] = [
  { seed: 23, top: 0.575, rise: 0.86, grain: 2.6, near: 0.26 },
  { seed: 31, top: 0.585, rise: 0.5, grain: 3.4, near: 0.46 },
  { seed: 47, top: 0.6, rise: 0.26, grain: 5.2, near: 0.72 },
];

/** One hour's picture: ask it for the colour of any place. */
export class Landscape {
  readonly #light: Light;
  readonly #pixel: number;
  readonly #seconds: number;

  /** `pixel` is a pixel's height where the picture's is 1; `seconds` moves clouds and water. */
  constructor(light: Light, pixel: number, seconds: number) {
    this.#light = light;
    this.#pixel = pixel;
    this.#seconds = seconds;
  }

  colorAt(x: number, y: number): Rgb {
    const far = y < WATERLINE ? this.#distance(x, y) : this.#water(x, y);
    const shore = shoreAt(x);
    const point = this.#edge(y, pointAt(x));
    let color = far;
    if (y < WATERLINE + 0.012) {
      const temple = templeAt(x, y, this.#pixel);
      if (temple > 0) color = mix(color, this.#stone(x, y), temple);
      if (point > 0 && pointAt(x) < WATERLINE + 0.01)
        color = mix(color, this.#meadow(x, y, 0.7), point);
    }
    const near = Math.max(this.#edge(y, shore), treesAt(x, y, this.#pixel));
    return near > 0 ? mix(color, this.#meadow(x, y, 1), near) : color;
  }

  #edge(y: number, top: number): number {
    return clamp((y - top) / this.#pixel + 0.5);
  }

  #distance(x: number, y: number): Rgb {
    let color = this.#sky(x, y);
    for (const ridge of RIDGES) {
      const top = ridgeTop(ridge, x);
      const covered = this.#edge(y, top);
      if (covered > 0) color = mix(color, this.#slope(ridge, x, y, top), covered);
    }
    return color;
  }

  #sky(x: number, y: number): Rgb {
    const { zenith, horizon, night } = this.#light;
    const height = clamp((WATERLINE - y) / WATERLINE);
    let color = mix(horizon, zenith, height ** 0.62);
    if (night > 0) color = add(color, [0.9, 0.93, 1], this.#stars(x, y) * night * height);
    color = this.#sun(color, x, y);
    return this.#clouds(color, x, y, height);
  }

  #stars(x: number, y: number): number {
    const column = x * STARS_PER_WIDTH;
    const row = (y * STARS_PER_WIDTH) / ASPECT;
    const seed = hash(Math.floor(column), Math.floor(row) + 900);
    if (seed < 0.9) return 0;
    const own = hash(Math.floor(column) + 5, Math.floor(row) + 77);
    const away = Math.hypot((column % 1) - 0.2 - own * 0.6, (row % 1) - 0.2 - ((own * 7) % 0.6));
    return smooth(0.11 + (seed - 0.9), 0, away) * (seed - 0.86) * 8;
  }

  #sun(color: Rgb, x: number, y: number): Rgb {
    const { sun, sunX, sunUp, moonX, moonUp, night } = this.#light;
    const away = Math.hypot((x - sunX) * ASPECT, WATERLINE - sunUp - y);
    const shows = smooth(-0.05, 0.02, sunUp) * (1 - night);
    color = add(color, sun, shows * (0.34 * Math.exp(-away * 5) + 0.3 * Math.exp(-away * 22)));
    color = mix(color, [1, 0.985, 0.94], shows * smooth(0.034, 0.028, away));
    if (night === 0) return color;
    const moon = Math.hypot((x - moonX) * ASPECT, WATERLINE - moonUp - y);
    const shade = Math.hypot((x - moonX + 0.007) * ASPECT, WATERLINE - moonUp - y - 0.004);
    const lit = smooth(0.027, 0.024, moon) * smooth(0.019, 0.024, shade);
    color = add(color, [0.5, 0.6, 0.85], night * 0.2 * Math.exp(-moon * 9));
    return mix(color, [0.97, 0.96, 0.9], night * lit);
  }

  #clouds(color: Rgb, x: number, y: number, height: number): Rgb {
    const drift = this.#seconds * 0.012;
    const bend = layers(x * 3 + drift, y * 5, 2) * 0.5;
    const body = layers(x * 3.4 + bend + drift, y * 11 + bend, 5);
    const dense = smooth(0.5, 0.78, body) * smooth(0.02, 0.25, height) * 0.78;
    if (dense === 0) return color;
    const { sun, horizon, night } = this.#light;
    const lit = mix(horizon, sun, 0.55);
    const under = mix(color, scale(horizon, 0.72), 0.5);
    const cloud = mix(lit, under, smooth(0.5, 0.85, body) * 0.6 + 0.15);
    return mix(color, cloud, dense * (1 - night * 0.7));
  }

  #slope(ridge: Ridge, x: number, y: number, top: number): Rgb {
    const { haze, land, sun, night, sunX } = this.#light;
    const depth = clamp((y - top) / 0.2);
    const bump = layers(x * 26 + ridge.seed, y * 30 - x * 9, 5);
    const side = layers((x - (sunX - 0.5) * 0.02) * 26 + ridge.seed, y * 30 - x * 9 - 0.24, 5);
    const color = mix(haze, land, ridge.near * (1 - depth * 0.6));
    const shade = 1 + (bump - side) * (0.2 + ridge.near * 1.2) * (1 - night * 0.6);
    return add(scale(color, shade), sun, 0.05 * (1 - night) * (1 - depth));
  }

  #water(x: number, y: number): Rgb {
    const depth = (y - WATERLINE) / (1 - WATERLINE);
    const far = 1 / (0.04 + depth);
    const t = this.#seconds;
    const wave = noise(x * 9 * far + t * 0.6, depth * 26 * far ** 0.6 - t * 0.9) - 0.5;
    const ripple = noise(x * 40 * far ** 0.5 - t * 0.4, far * 60 + t * 1.4) - 0.5;
    const mirrored =
      WATERLINE - (y - WATERLINE) * 0.92 + (wave * 0.05 + ripple * 0.02) * (0.2 + depth);
    const image = this.#distance(x + wave * 0.012, Math.min(WATERLINE, mirrored));
    const { zenith, sun, sunX, sunUp, moonX, night } = this.#light;
    const color = mix(scale(image, 0.94), zenith, 0.16 + depth * 0.2);
    const path = Math.abs(x - (night > 0.5 ? moonX : sunX)) / (0.018 + depth * 0.16);
    const bright = night > 0.5 ? night * 0.35 : smooth(-0.02, 0.04, sunUp) * 0.75;
    const glitter = smooth(0.16, 0.42, wave * 0.5 + ripple) * Math.exp(-path * path);
    const shoreLight = smooth(0.012, 0, depth) * 0.12;
    return add(color, sun, glitter * bright + shoreLight * (1 - night));
  }

  #meadow(x: number, y: number, near: number): Rgb {
    const { land, haze, sun, night } = this.#light;
    const grass = layers(x * 160, y * 420, 3) - 0.5;
    const patch = layers(x * 9 + 3, y * 22, 3) - 0.5;
    const dark = scale(land, 0.62 + smooth(0.72, 1, y) * 0.12);
    const color = mix(haze, dark, 0.35 + near * 0.6);
    const lit = (0.1 + patch * 0.24 + grass * 0.26) * (1 - night * 0.85);
    return add(color, sun, Math.max(-0.06, lit * 0.5));
  }

  #stone(x: number, y: number): Rgb {
    const { ambient, sun, sunX, night } = this.#light;
    const side = clamp(0.5 + (x - TEMPLE_X) * 16 * (sunX < TEMPLE_X ? -1 : 1));
    const grain = (noise(x * 900, y * 900) - 0.5) * 0.05;
    return add(scale(ambient, 0.92 + grain), sun, (1 - night) * (0.08 + side * 0.3));
  }
}

function ridgeTop(ridge: Ridge, x: number): number {
  const body = layers(x * ridge.grain + ridge.seed, ridge.seed, 8);
  return ridge.top - (body - 0.34) * ridge.rise;
}

/** A point of land, reaching into the water from the right. */
function pointAt(x: number): number {
  const swell = smooth(0.56, 0.74, x) * 0.05 + smooth(0.8, 1.02, x) * 0.045;
  return WATERLINE + 0.014 - swell - (layers(x * 22, 3, 4) - 0.5) * 0.012;
}

function shoreAt(x: number): number {
  const hill = smooth(0.5, -0.1, x) * 0.2 + smooth(0.66, 1.1, x) * 0.12;
  return 0.95 - hill - (layers(x * 5 + 7, 5, 5) - 0.5) * 0.05;
}

const TREES: readonly (readonly [x: number, height: number])[] = [
  [0.028, 0.3],
  [0.056, 0.36],
  [0.083, 0.27],
  [0.118, 0.33],
  [0.19, 0.19],
  [0.232, 0.15],
  [0.872, 0.14],
  [0.918, 0.24],
  [0.943, 0.3],
  [0.972, 0.25],
];

/** Cypresses: spindles with ragged edges. */
function treesAt(x: number, y: number, pixel: number): number {
  let covered = 0;
  for (const [at, height] of TREES) {
    if (Math.abs(x - at) > 0.02) continue;
    const up = (shoreAt(at) + 0.01 - y) / height;
    if (up < -0.1 || up > 1) continue;
    const half = height * 0.075 * Math.min(1, (1 - up) * 1.7) * (0.7 + 0.3 * smooth(0, 0.3, up));
    const ragged = half * (0.72 + 0.5 * layers(x * 260, y * 150 + at * 90, 3));
    covered = Math.max(covered, clamp((ragged - Math.abs(x - at) * ASPECT) / pixel + 0.5));
  }
  return covered;
}

const TEMPLE_X = 0.765;
const TEMPLE_HALF = 0.038;

/** Six columns, a roof and two steps, on the point of land. */
function templeAt(x: number, y: number, pixel: number): number {
  const across = Math.abs(x - TEMPLE_X) * ASPECT;
  const half = TEMPLE_HALF * ASPECT;
  if (across > half * 1.2) return 0;
  const up = (pointAt(TEMPLE_X) + 0.004 - y) / 0.088;
  const inside = (edge: number): number => clamp((edge - across) / pixel + 0.5);
  if (up < 0) return 0;
  if (up < 0.08) return inside(half * 1.1);
  if (up < 0.14) return inside(half * 1.04);
  if (up > 0.66 && up < 0.76) return inside(half * 1.02);
  if (up >= 0.76) return inside(half * 1.14 * (1 - (up - 0.76) / 0.36));
  const along = (((x - TEMPLE_X) / TEMPLE_HALF + 1) * 2.5 + 0.5) % 1;
  const column = clamp(
    (0.2 - Math.abs(along - 0.5)) * ((TEMPLE_HALF * ASPECT) / 2.5 / pixel) + 0.5,
  );
  return column * inside(half * 1.05);
}

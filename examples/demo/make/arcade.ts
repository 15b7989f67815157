// The view from inside a portico: a wall with three round arches before the landscape, and a paved
// floor on which the sun draws those arches once more. A place on the floor is lit where the line
// from it to the sun goes through an opening. Lengths are in heights of the picture.

import { Landscape } from "./landscape.ts";
import { lightAt, type Light } from "./light.ts";
import { add, clamp, layers, mix, multiply, noise, rgb, scale, smooth, type Rgb } from "./paint.ts";

const ASPECT = 16 / 9;
const HORIZON = 0.6;
const FLOOR = 0.845; // where wall and floor meet
const SPACING = 0.58; // from one arch's middle to the next one's
const HALF = 0.232; // half an opening's width
const SPRING = 0.5; // where an arch begins, above the floor
const REVEAL = 0.03; // how much of the wall's thickness shows
const STONE = rgb("#e6d6bb");
const PAVING = rgb("#d3bfa2");

/** Paints one picture of the given hour (0 to 24) into red, green and blue bytes. */
export function paintArcade(width: number, height: number, hour: number, seconds = 0): Uint8Array {
  const light = lightAt(hour);
  const view = new Landscape(light, 1 / height, seconds);
  return paint(width, height, (x, y) => arcadeAt(light, view, x, y, 1 / height));
}

/** The landscape alone, 16:9. `pan` moves the eye to the right, in widths of the picture. */
export function paintLandscape(width: number, hour: number, pan = 0): Uint8Array {
  const height = Math.round(width / ASPECT);
  const view = new Landscape(lightAt(hour), 1 / height, 0);
  return paint(width, height, (x, y) => view.colorAt(x + pan, y));
}

function paint(width: number, height: number, at: (x: number, y: number) => Rgb): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  let next = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const color = at((column + 0.5) / width, (row + 0.5) / height);
      // Half a step of noise hides the bands that eight bits would show in a sky.
      const dither = noise(column * 0.93, row * 0.93) - 0.5;
      for (const channel of color) pixels[next++] = clamp(channel) * 254 + 0.5 + dither;
    }
  }
  return pixels;
}

function arcadeAt(light: Light, view: Landscape, x: number, y: number, pixel: number): Rgb {
  if (y > FLOOR) return floorAt(light, x, y);
  const across = (x - 0.5) * ASPECT;
  const up = FLOOR - y;
  const depth = openingAt(across, up);
  const opened = clamp(depth / pixel + 0.5);
  const wall = opened < 1 ? wallAt(light, across, up, depth) : null;
  if (wall !== null && opened === 0) return wall;
  const seen = clamp(throughAt(across, up) / pixel + 0.5);
  const reveal = seen < 1 ? revealAt(light, across, up) : null;
  const beyond = seen > 0 ? view.colorAt(x, y) : null;
  const inner = beyond === null ? reveal! : reveal === null ? beyond : mix(reveal, beyond, seen);
  return wall === null ? inner : mix(wall, inner, opened);
}

/** How far inside an opening of the wall's near face; negative in the wall. */
function openingAt(across: number, up: number): number {
  const middle = across - Math.round(across / SPACING) * SPACING;
  return archDepth(middle, up, HALF);
}

/** The same for what can be seen through the wall's thickness, towards the picture's middle. */
function throughAt(across: number, up: number): number {
  const bay = Math.round(across / SPACING) * SPACING;
  const toMiddle = REVEAL * (0.4 + Math.abs(bay) * 0.9);
  const shift = bay === 0 ? 0 : -Math.sign(bay) * toMiddle;
  const far = archDepth(across - bay - shift, up + 0.014, HALF - 0.012);
  return Math.min(far, openingAt(across, up));
}

function archDepth(across: number, up: number, half: number): number {
  if (up < SPRING) return half - Math.abs(across);
  return half - Math.hypot(across, up - SPRING);
}

function wallAt(light: Light, across: number, up: number, depth: number): Rgb {
  const grain = layers(across * 90, up * 90, 3) - 0.5;
  const stain = layers(across * 4 + 9, up * 3, 4) - 0.5;
  let shade = 0.6 + up * 0.06 + grain * 0.1 + stain * 0.16;
  shade *= 1 - 0.18 * joints(across, up, depth);
  const moulding = smooth(-0.048, -0.044, depth) * smooth(-0.034, -0.038, depth);
  shade *=
    1 + moulding * 0.14 - smooth(-0.034, -0.031, depth) * smooth(-0.026, -0.031, depth) * 0.16;
  const impost = Math.abs(up - SPRING + 0.006) < 0.017 && depth > -0.06;
  if (impost) shade *= 1.12 - smooth(SPRING - 0.012, SPRING - 0.022, up) * 0.34;
  if (up < 0.045) shade *= up > 0.039 ? 1.16 : 0.94;
  const bounce = smooth(0.5, 0, up) * sunStrength(light);
  return add(multiply(STONE, scale(light.ambient, shade * 1.1)), light.sun, bounce * 0.12 * shade);
}

/** 1 in the joints: courses in the wall, wedges around an arch. */
function joints(across: number, up: number, depth: number): number {
  if (depth > -0.044) {
    if (up < SPRING) return 0;
    const bay = Math.round(across / SPACING) * SPACING;
    const wedge = (Math.atan2(up - SPRING, across - bay) / Math.PI) * 17;
    return smooth(0.04, 0.015, Math.abs(wedge - Math.round(wedge)));
  }
  const course = up / 0.085;
  const row = Math.floor(course);
  const block = across / 0.21 + (row % 2) * 0.5;
  const level = Math.abs(course - Math.round(course)) * 0.085;
  const upright = Math.abs(block - Math.round(block)) * 0.21;
  return smooth(0.0024, 0.0008, Math.min(level, upright)) * 0.8;
}

function revealAt(light: Light, across: number, up: number): Rgb {
  const bay = Math.round(across / SPACING) * SPACING;
  const side = clamp(0.5 - ((across - bay) / HALF) * 0.5); // 1 on the left jamb
  const fromRight = clamp(light.sunX * 1.4 - 0.2);
  const lit = side * fromRight + (1 - side) * (1 - fromRight);
  const grain = layers(across * 120, up * 60, 3) - 0.5;
  const shade = 0.62 + grain * 0.12 + lit * 0.12;
  const stone = multiply(STONE, scale(light.ambient, shade * 1.25));
  return add(stone, multiply(STONE, light.sun), lit * sunStrength(light) * 0.42);
}

function floorAt(light: Light, x: number, y: number): Rgb {
  const away = (FLOOR - HORIZON) / (y - HORIZON); // 1 at the wall, less towards the eye
  const across = (x - 0.5) * ASPECT * away;
  const depth = (1 - away) * 1.7;
  const tile = tileAt(across, depth);
  const grain = layers(across * 70, depth * 70, 3) - 0.5;
  const shade = (0.52 + depth * 0.1 + grain * 0.1) * tile;
  const dim = multiply(PAVING, scale(light.ambient, shade * 1.12));
  const sky = smooth(0.5, 0, depth) * 0.1;
  const lit = sunOnFloor(light, across, depth) * sunStrength(light);
  return add(add(dim, light.horizon, sky * tile), multiply(PAVING, light.sun), lit * tile * 0.5);
}

/** Square slabs set cornerwise in two tones, with joints. */
function tileAt(across: number, depth: number): number {
  const u = (across + depth) / 0.2;
  const v = (across - depth) / 0.2;
  const tone = (Math.floor(u) + Math.floor(v)) % 2 === 0 ? 1 : 0.86;
  const own = 0.97 + noise(Math.floor(u) * 3.7, Math.floor(v) * 5.3) * 0.06;
  const joint = Math.min(Math.abs(u - Math.round(u)), Math.abs(v - Math.round(v)));
  return tone * own * (1 - 0.16 * smooth(0.03, 0.012, joint));
}

function sunOnFloor(light: Light, across: number, depth: number): number {
  if (light.sunUp <= 0) return 0;
  const slope = 0.5 + light.sunUp * 2.4; // a low sun reaches far in; the floor here is short
  const sideways = (light.sunX - 0.5) * 1.9;
  const up = depth * slope;
  const at = across + depth * sideways;
  const soft = 0.006 + depth * 0.035;
  return smooth(-soft, soft, openingAt(at, up));
}

function sunStrength(light: Light): number {
  return smooth(0, 0.12, light.sunUp) * (1 - light.night);
}

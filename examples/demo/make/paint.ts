// Colours, noise and soft edges: what the scene is painted with. Noise comes from a hash of whole
// coordinates, so that the same place looks the same in every picture and on every machine.

export type Rgb = readonly [red: number, green: number, blue: number]; // 0 to 1 each

export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 0xff) / 255, (value & 0xff) / 255];
}

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

export function scale(color: Rgb, by: number): Rgb {
  return [color[0] * by, color[1] * by, color[2] * by];
}

export function multiply(a: Rgb, b: Rgb): Rgb {
  return [a[0] * b[0], a[1] * b[1], a[2] * b[2]];
}

export function add(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + b[0] * share, a[1] + b[1] * share, a[2] + b[2] * share];
}

export function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** 0 below `from`, 1 above `to`, smooth between; `from` may be the larger one. */
export function smooth(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** An even spread over 0 to 1, from two whole numbers. */
export function hash(x: number, y: number): number {
  let h = (Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1)) | 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

/** Smooth noise, 0 to 1. */
export function noise(x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = (x - column) ** 2 * (3 - 2 * (x - column));
  const v = (y - row) ** 2 * (3 - 2 * (y - row));
  const top = hash(column, row) * (1 - u) + hash(column + 1, row) * u;
  const bottom = hash(column, row + 1) * (1 - u) + hash(column + 1, row + 1) * u;
  return top * (1 - v) + bottom * v;
}

/** Noise upon noise, each octave twice as fine and half as strong; 0 to 1, mostly near 0.5. */
export function layers(x: number, y: number, octaves: number): number {
  let sum = 0;
  let share = 0.5;
  for (let i = 0; i < octaves; i += 1) {
    sum += noise(x + i * 17.3, y - i * 9.1) * share;
    x *= 2.03;
    y *= 2.03;
    share /= 2;
  }
  return sum / (1 - share * 2);
}

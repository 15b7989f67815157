// The light of an hour: the sky's colours and where the sun and moon stand. A day is a handful of
// hand-picked hours; what lies between two of them is mixed.

import { clamp, mix, rgb, smooth, type Rgb } from "./paint.ts";

export interface Light {
  readonly zenith: Rgb;
  readonly horizon: Rgb;
  /** What distance fades into. */
  readonly haze: Rgb;
  readonly land: Rgb;
  readonly sun: Rgb;
  /** What falls on stone that the sun does not reach. */
  readonly ambient: Rgb;
  /** 0 by day, 1 when the stars are out. */
  readonly night: number;
  readonly sunX: number; // 0 at the left edge, 1 at the right one
  readonly sunUp: number; // above the horizon, in heights of the picture; below 0 it has set
  readonly moonX: number;
  readonly moonUp: number;
}

type Hour = readonly [
  hour: number,
  zenith: string,
  horizon: string,
  haze: string,
  land: string,
  sun: string,
  ambient: string,
];

const DAY: readonly Hour[] = [
  [0.0, "#0c1330", "#2c4068", "#22325a", "#0d1626", "#aebfe0", "#303a5e"],
  [4.8, "#131d42", "#4b4f7c", "#34406c", "#101a2b", "#e8a080", "#333a5c"],
  [6.0, "#3f5a94", "#f0a886", "#9488a8", "#26303f", "#ffb070", "#6d6878"],
  [7.5, "#5f92cc", "#fbdcb4", "#b9bcc6", "#4a5a48", "#ffd9a0", "#a79c90"],
  [11.5, "#4a86bf", "#dcebf0", "#b4cbd4", "#5b7a48", "#fff6e0", "#c3bdb2"],
  [15.5, "#568bbd", "#e8ebe0", "#b2c3ca", "#65783f", "#fff0cc", "#bfb5a4"],
  [17.8, "#5b86bc", "#fbd69c", "#aeaab4", "#5d5f38", "#ffd080", "#b39d82"],
  [19.2, "#434a86", "#f7905c", "#86608e", "#33304a", "#ff8a4a", "#84697c"],
  [20.3, "#232a5e", "#a8637c", "#5a4a7c", "#181c36", "#ff7a50", "#484568"],
  [21.6, "#10183a", "#3c4674", "#2a3560", "#0e1728", "#aebfe0", "#333d62"],
  [24.0, "#0c1330", "#2c4068", "#22325a", "#0d1626", "#aebfe0", "#303a5e"],
];

const SUNRISE = 5.8;
const SUNSET = 19.6;
const SUN_UP_MAX = 0.44;

export function lightAt(hour: number): Light {
  const index = Math.max(
    1,
    DAY.findIndex(([until]) => hour <= until),
  );
  const before = DAY[index - 1]!;
  const after = DAY[index]!;
  const share = (hour - before[0]) / (after[0] - before[0]);
  const color = (at: 1 | 2 | 3 | 4 | 5 | 6): Rgb => mix(rgb(before[at]), rgb(after[at]), share);
  const day = (hour - SUNRISE) / (SUNSET - SUNRISE);
  const evening = (hour - 20) / 9; // the moon climbs from the left while the night goes on
  return {
    zenith: color(1),
    horizon: color(2),
    haze: color(3),
    land: color(4),
    sun: color(5),
    ambient: color(6),
    night: clamp(smooth(19.8, 21.6, hour) + smooth(5.8, 4.2, hour)),
    sunX: 0.08 + day * 0.84,
    sunUp: SUN_UP_MAX * Math.sin(Math.PI * Math.min(1.1, Math.max(-0.1, day))),
    moonX: 0.2 + evening * 0.9,
    moonUp: 0.17,
  };
}

// Numbers with a unit: "64 KiB", "1.5 GiB", "500ms". Counted in integers, since 1.1 MB is not a
// whole number of bytes in floating point.

/** Bytes in each unit; 1024 to the KiB, 1000 to the KB. */
export const SIZE_UNITS = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
} as const;

/** Milliseconds in each unit. */
export const DURATION_UNITS = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
} as const;

type Units = Readonly<Record<string, number>>;

const QUANTITY = /^(\d{1,20})(?:\.(\d{1,20}))? ?([A-Za-z]+)$/;

/** The number of base units, or why there is none. */
export function parseQuantity(
  text: string,
  units: Units,
): number | "malformed" | "fractional" | "tooLarge" {
  const match = QUANTITY.exec(text);
  const [, whole = "", fraction = "", unit = ""] = match ?? [];
  if (match === null || !Object.hasOwn(units, unit)) return "malformed";
  const scaled = BigInt(whole + fraction) * BigInt(units[unit]!);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) return "fractional";
  const value = scaled / divisor;
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? "tooLarge" : Number(value);
}

/** The same grammar as a pattern for JSON Schema. */
export function quantityPattern(units: Units): string {
  return `^[0-9]{1,20}(\\.[0-9]{1,20})? ?(${Object.keys(units).join("|")})$`;
}

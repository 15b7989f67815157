// The few figures that are made of figures.

/** The middle of `values`; of an even number, between the middle two. Throws when there is none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("no values to take the middle of");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many times `other` our `own` is; null where one was not measured. */
export function ratio(
  own: number | null | undefined,
  other: number | null | undefined,
): number | null {
  if (own === null || own === undefined || other === null || other === undefined) return null;
  return other > 0 ? own / other : null;
}

/** The least of `values` that were measured; null when none was. */
export function least(values: Iterable<number | null | undefined>): number | null {
  let found: number | null = null;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (found === null || value < found) found = value;
  }
  return found;
}

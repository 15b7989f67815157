// What is known of a config when something is wrong with it: all but what is BROKEN.

/** In place of a value that could not be taken. */
export const BROKEN: unique symbol = Symbol("broken");

/** What is known of a `T` when all that is wrong with the file was left out. */
export type Sound<T> =
  | typeof BROKEN
  | (T extends readonly (infer Item)[]
      ? Sound<Item>[]
      : T extends object
        ? { [Key in keyof T]: Sound<T[Key]> }
        : T);

/** Whether it is broken, or anything within it. */
export function holdsBroken(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === BROKEN;
  return Object.values(value).some(holdsBroken);
}

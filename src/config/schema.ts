// A schema is data: a tree of shapes with what each key means and what it is when left out.
// Everything else is made of it: the checks of a file, the types, the JSON Schema, the reference
// page.
//
//   table({
//     root: path({ doc: "…", kind: "folder", exists: true }),
//     list: flag({ doc: "…", fallback: false }),
//   })
//
// A fallback is written as in a config file ("64 KiB", not 65536), so that docs show what people
// write. Without one a key is required, unless `optional` makes it `T | undefined`.
import { parseAddress, type Address } from "./address.ts";
import { DURATION_UNITS, parseQuantity, SIZE_UNITS } from "./quantity.ts";
import type {
  Bound,
  Fallback,
  Given,
  Infer,
  InferKeys,
  Input,
  InputKeys,
  InputTable,
  PathKind,
  Presence,
  Schema,
  Shape,
  TextCheck,
  WholeCheck,
  Written,
  WrittenTable,
} from "./shape.ts";

interface Common<F> {
  readonly doc: string;
  readonly fallback?: F;
  readonly example?: Written;
}

interface Bounded<Value, F> extends Common<F> {
  readonly min?: Value;
  readonly max?: Value;
}

/** Text; `pattern` matches the whole of it, `check` finds what a pattern can't say in words. */
export function text<F extends string = never>(
  options: Common<F> & { pattern?: RegExp; check?: TextCheck },
): Schema<string, string | Fallback<F>> {
  const { pattern = null, check = null } = options;
  return schema({ kind: "text", pattern, check }, options);
}

export function integer<F extends number = never>(
  options: Bounded<number, F>,
): Schema<number, number | Fallback<F>> {
  const bound = (value: number | undefined) =>
    value === undefined ? null : { value, written: String(value) };
  return schema({ kind: "integer", min: bound(options.min), max: bound(options.max) }, options);
}

export function flag<F extends boolean = never>(
  options: Common<F>,
): Schema<boolean, boolean | Fallback<F>> {
  return schema({ kind: "flag" }, options);
}

/** Bytes: an integer, or text with a unit such as "64 KiB". */
export function size<F extends string | number = never>(
  options: Bounded<string | number, F>,
): Schema<number, string | number | Fallback<F>> {
  const bound = (value: string | number | undefined) => quantityBound(value, SIZE_UNITS);
  bound(options.fallback);
  return schema({ kind: "size", min: bound(options.min), max: bound(options.max) }, options);
}

/** Milliseconds, written with a unit: "500ms", "30s", "10m", "2h", "30d". */
export function duration<F extends string = never>(
  options: Bounded<string, F>,
): Schema<number, string | Fallback<F>> {
  const bound = (value: string | undefined) => quantityBound(value, DURATION_UNITS);
  bound(options.fallback);
  return schema({ kind: "duration", min: bound(options.min), max: bound(options.max) }, options);
}

/**
 * An absolute path, written relative to the config file's folder. `check` is asked of what is
 * written; what has to exist has to be readable, too.
 */
export function path<F extends string = never>(
  options: Common<F> & { kind: PathKind; exists: boolean; check?: TextCheck },
): Schema<string, string | Fallback<F>> {
  const { kind, exists, check = null } = options;
  return schema({ kind: "path", of: kind, exists, check }, options);
}

/** `PORT`, `HOST:PORT`, `[V6]:PORT` or `unix:/path`. */
export function address<F extends string = never>(
  options: Common<F>,
): Schema<Address, string | number | Fallback<F>> {
  const fallback = options.fallback === undefined ? null : parseAddress(options.fallback);
  if (typeof fallback === "string") throw new Error(`Bad fallback: ${fallback}`);
  return schema({ kind: "address" }, options);
}

export function oneOf<const Value extends string | number, F extends Value = never>(
  values: readonly Value[],
  options: Common<F>,
): Schema<Value, Value | Fallback<F>> {
  return schema({ kind: "oneOf", values }, options);
}

/** What no file can hold; `noun` says what it is: "a function". */
export function code<T>(
  options: Common<never> & { noun: string; takes: (value: unknown) => value is T },
): Schema<T, T> {
  const { noun, takes } = options;
  return schema({ kind: "code", noun, takes }, options);
}

export function list<T, I, F extends readonly Written[] = never>(
  item: Schema<T, I>,
  options: Common<F> & { whole?: WholeCheck<T[]> },
): Schema<T[], readonly Given<I>[] | Fallback<F>> {
  return schema({ kind: "list", item, whole: wholeCheck(options.whole) }, options);
}

/**
 * A table whose keys are free, but for what `key` finds wrong with one. Its value has no prototype:
 * `__proto__` is a key like any other.
 */
export function record<T, I, F extends WrittenTable = never>(
  value: Schema<T, I>,
  options: Common<F> & { key?: TextCheck; whole?: WholeCheck<Record<string, T>> },
): Schema<Record<string, T>, Readonly<Record<string, Given<I>>> | Fallback<F>> {
  const { key = null, whole } = options;
  return schema({ kind: "record", value, key, whole: wholeCheck(whole) }, options);
}

/** A table of known keys. Left out, it is made of its keys' fallbacks if all have one. */
export function table<Keys extends Readonly<Record<string, Schema>>>(
  keys: Keys,
  options: { readonly doc?: string; readonly whole?: WholeCheck<InferKeys<Keys>> } = {},
): Schema<InferKeys<Keys>, InputTable<Keys>> {
  const { doc = "", whole } = options;
  return schema({ kind: "table", keys, whole: wholeCheck(whole) }, { doc });
}

/** The table `base` with more keys behind its own. */
export function extended<T, I, Keys extends Readonly<Record<string, Schema>>>(
  base: Schema<T, I>,
  more: Keys,
): Schema<T & InferKeys<Keys>, Given<I> & InputKeys<Keys>> {
  const { doc, presence, example, shape } = base;
  if (shape.kind !== "table") throw new Error(`a ${shape.kind} has no keys`);
  return { doc, presence, example, shape: { ...shape, keys: { ...shape.keys, ...more } } };
}

/** The first of `choices` that takes the value. */
export function either<const Choices extends readonly Schema[], F extends Written = never>(
  choices: Choices,
  options: Common<F>,
): Schema<Infer<Choices[number]>, Given<Input<Choices[number]>> | Fallback<F>> {
  return schema({ kind: "either", choices }, options);
}

/** The same schema for a key that may be left out; its value is then `undefined`. */
export function optional<T, I>(inner: Schema<T, I>): Schema<T | undefined, I | undefined> {
  return { ...inner, presence: { kind: "optional" } };
}

/** Whether a key of this schema may be left out. */
export function mayBeLeftOut({ presence, shape }: Schema): boolean {
  if (presence.kind !== "required") return true;
  return shape.kind === "table" && Object.values(shape.keys).every(mayBeLeftOut);
}

/** It is asked of values that the schema has let through, so of that type. */
function wholeCheck<T>(whole: WholeCheck<T> | undefined): WholeCheck<unknown> | null {
  return whole === undefined ? null : (whole as WholeCheck<unknown>);
}

function schema<T, I>(shape: Shape, options: Common<Written>): Schema<T, I> {
  const { doc, fallback, example = null } = options;
  const presence: Presence =
    fallback === undefined ? { kind: "required" } : { kind: "fallback", written: fallback };
  return { doc, shape, presence, example };
}

function quantityBound(
  written: string | number | undefined,
  units: Readonly<Record<string, number>>,
): Bound | null {
  if (written === undefined) return null;
  const value = typeof written === "number" ? written : parseQuantity(written, units);
  if (typeof value !== "number") throw new Error(`Bad bound or fallback: ${written} is ${value}`);
  return { value, written: String(written) };
}

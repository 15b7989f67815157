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

/** A value as it stands in a config file. */
export type Written = string | number | boolean | readonly Written[] | WrittenTable;
export interface WrittenTable {
  readonly [key: string]: Written;
}

/** An end of a range: its value, and how people write it. */
export interface Bound {
  readonly value: number;
  readonly written: string;
}

/** `output` is what can be written to: a file, a device or a pipe. */
export type PathKind = "folder" | "file" | "any" | "output";

/** Says in words what is wrong with a text, or null when nothing is. */
export type TextCheck = (text: string) => string | null;

/** What is wrong within a value that is made of others: at a path of its own, or at the whole. */
export interface Complaint {
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** Points at the key rather than at its value. */
  readonly onKey?: boolean;
}

/** Finds what is wrong between the parts of a value, each of which is sound. */
export type WholeCheck<T> = (value: T) => readonly Complaint[];

export type ScalarShape =
  | { readonly kind: "text"; readonly pattern: RegExp | null; readonly check: TextCheck | null }
  | { readonly kind: "integer"; readonly min: Bound | null; readonly max: Bound | null }
  | { readonly kind: "size"; readonly min: Bound | null; readonly max: Bound | null }
  | { readonly kind: "duration"; readonly min: Bound | null; readonly max: Bound | null }
  | { readonly kind: "flag" }
  | { readonly kind: "address" }
  | {
      readonly kind: "path";
      readonly of: PathKind;
      readonly exists: boolean;
      readonly check: TextCheck | null;
    }
  | { readonly kind: "oneOf"; readonly values: readonly (string | number)[] };

interface Composed {
  readonly whole: WholeCheck<unknown> | null;
}

export interface TableShape extends Composed {
  readonly kind: "table";
  readonly keys: Readonly<Record<string, Schema>>;
}

export type Shape =
  | ScalarShape
  | TableShape
  | ({ readonly kind: "list"; readonly item: Schema } & Composed)
  | ({ readonly kind: "record"; readonly value: Schema; readonly key: TextCheck | null } & Composed)
  | { readonly kind: "either"; readonly choices: readonly Schema[] };

export type Presence =
  | { readonly kind: "required" }
  | { readonly kind: "optional" }
  | { readonly kind: "fallback"; readonly written: Written };

export interface Schema<T = unknown> {
  readonly doc: string;
  readonly shape: Shape;
  readonly presence: Presence;
  readonly example: Written | null;
  /** Never there at run time: it carries the type for `Infer`. */
  readonly phantom?: { readonly of: T };
}

/** The type of the values that a schema lets through. */
export type Infer<S> = S extends { readonly phantom?: { readonly of: infer T } } ? T : never;

type InferKeys<Keys> = { [Key in keyof Keys]: Infer<Keys[Key]> };

interface Common<Fallback> {
  readonly doc: string;
  readonly fallback?: Fallback;
  readonly example?: Written;
}

interface Bounded<Value> extends Common<Value> {
  readonly min?: Value;
  readonly max?: Value;
}

/** Text; `pattern` matches the whole of it, `check` finds what a pattern can't say in words. */
export function text(
  options: Common<string> & { pattern?: RegExp; check?: TextCheck },
): Schema<string> {
  const { pattern = null, check = null } = options;
  return schema({ kind: "text", pattern, check }, options);
}

export function integer(options: Bounded<number>): Schema<number> {
  const bound = (value: number | undefined) =>
    value === undefined ? null : { value, written: String(value) };
  return schema({ kind: "integer", min: bound(options.min), max: bound(options.max) }, options);
}

export function flag(options: Common<boolean>): Schema<boolean> {
  return schema({ kind: "flag" }, options);
}

/** Bytes: an integer, or text with a unit such as "64 KiB". */
export function size(options: Bounded<string | number>): Schema<number> {
  const bound = (value: string | number | undefined) => quantityBound(value, SIZE_UNITS);
  bound(options.fallback);
  return schema({ kind: "size", min: bound(options.min), max: bound(options.max) }, options);
}

/** Milliseconds, written with a unit: "500ms", "30s", "10m", "2h", "30d". */
export function duration(options: Bounded<string>): Schema<number> {
  const bound = (value: string | undefined) => quantityBound(value, DURATION_UNITS);
  bound(options.fallback);
  return schema({ kind: "duration", min: bound(options.min), max: bound(options.max) }, options);
}

/**
 * An absolute path, written relative to the config file's folder. `check` is asked of what is
 * written; what has to exist has to be readable, too.
 */
export function path(
  options: Common<string> & { kind: PathKind; exists: boolean; check?: TextCheck },
): Schema<string> {
  const { kind, exists, check = null } = options;
  return schema({ kind: "path", of: kind, exists, check }, options);
}

/** `PORT`, `HOST:PORT`, `[V6]:PORT` or `unix:/path`. */
export function address(options: Common<string>): Schema<Address> {
  const fallback = options.fallback === undefined ? null : parseAddress(options.fallback);
  if (typeof fallback === "string") throw new Error(`Bad fallback: ${fallback}`);
  return schema({ kind: "address" }, options);
}

export function oneOf<const Value extends string | number>(
  values: readonly Value[],
  options: Common<NoInfer<Value>>,
): Schema<Value> {
  return schema({ kind: "oneOf", values }, options);
}

export function list<T>(
  item: Schema<T>,
  options: Common<readonly Written[]> & { whole?: WholeCheck<T[]> },
): Schema<T[]> {
  return schema({ kind: "list", item, whole: wholeCheck(options.whole) }, options);
}

/**
 * A table whose keys are free, but for what `key` finds wrong with one. Its value has no prototype:
 * `__proto__` is a key like any other.
 */
export function record<T>(
  value: Schema<T>,
  options: Common<WrittenTable> & { key?: TextCheck; whole?: WholeCheck<Record<string, T>> },
): Schema<Record<string, T>> {
  const { key = null, whole } = options;
  return schema({ kind: "record", value, key, whole: wholeCheck(whole) }, options);
}

/** A table of known keys. Left out, it is made of its keys' fallbacks if all have one. */
export function table<Keys extends Readonly<Record<string, Schema>>>(
  keys: Keys,
  options: { readonly doc?: string; readonly whole?: WholeCheck<InferKeys<Keys>> } = {},
): Schema<InferKeys<Keys>> {
  const { doc = "", whole } = options;
  return schema({ kind: "table", keys, whole: wholeCheck(whole) }, { doc });
}

/** The first of `choices` that takes the value. */
export function either<const Choices extends readonly Schema[]>(
  choices: Choices,
  options: Common<Written>,
): Schema<Infer<Choices[number]>> {
  return schema({ kind: "either", choices }, options);
}

/** The same schema for a key that may be left out; its value is then `undefined`. */
export function optional<T>(inner: Schema<T>): Schema<T | undefined> {
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

function schema<T>(shape: Shape, options: Common<Written>): Schema<T> {
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

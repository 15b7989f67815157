// What a schema is made of: shapes, which checks are made of, and types, which tell what a value is
// in the program and how it is written in a config.

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
  /** A value that no file can hold, such as a function: for configs that a program hands in. */
  | { readonly kind: "code"; readonly noun: string; readonly takes: (value: unknown) => boolean }
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

/** Of values `T`, written as `I`. */
export interface Schema<T = unknown, I = unknown> {
  readonly doc: string;
  readonly shape: Shape;
  readonly presence: Presence;
  readonly example: Written | null;
  /** Never there at run time: it carries the types for `Infer` and `Input`. */
  readonly phantom?: { readonly of: T; readonly from: I };
}

/** The type of the values that a schema lets through. */
export type Infer<S> = S extends { readonly phantom?: { readonly of: infer T } } ? T : never;

/** The type of what is written for a schema; `undefined` is in it where it may be left out. */
export type Input<S> = S extends { readonly phantom?: { readonly from: infer I } } ? I : never;

/** The values of a table. */
export type InferKeys<Keys> = { [Key in keyof Keys]: Infer<Keys[Key]> };

/** What is written where it is not left out. */
export type Given<I> = Exclude<I, undefined>;

type LeftOut<Keys> = {
  [Key in keyof Keys as undefined extends Input<Keys[Key]> ? Key : never]: Keys[Key];
};

/** What is written for a table. */
export type InputKeys<Keys> = Flat<
  { readonly [Key in Exclude<keyof Keys, keyof LeftOut<Keys>>]: Input<Keys[Key]> } & {
    readonly [Key in keyof LeftOut<Keys>]?: Input<Keys[Key & keyof Keys]> | undefined;
  }
>;

type Flat<T> = { [Key in keyof T]: T[Key] };

/** A table whose keys may all be left out may be left out itself. */
export type InputTable<Keys> =
  object extends InputKeys<Keys> ? InputKeys<Keys> | undefined : InputKeys<Keys>;

/** `undefined` where there is a fallback: `never` is what is inferred of none. */
export type Fallback<F> = [F] extends [never] ? never : undefined;

// One value that is not made of others: from what is written to what the program uses.
import { parseAddress } from "./address.ts";
import { mismatch, rangeWords, shownValue } from "./expectation.ts";
import type { Node } from "./node.ts";
import { resolvePath, type BaseFolder } from "./path.ts";
import { Wrong } from "./problem.ts";
import { DURATION_UNITS, parseQuantity, SIZE_UNITS } from "./quantity.ts";
import type { Bound, ScalarShape, Schema } from "./shape.ts";

type Shaped<Kind extends ScalarShape["kind"]> = Extract<ScalarShape, { kind: Kind }>;
type Ranged = { readonly min: Bound | null; readonly max: Bound | null };

/** The value, or what is wrong with it. Relative paths start at `folder`. */
export function readScalar(
  schema: Schema,
  shape: ScalarShape,
  node: Node,
  folder: BaseFolder,
): unknown {
  switch (shape.kind) {
    case "text":
      return node.kind === "text" ? readText(schema, shape, node.value) : mismatch(schema, node);
    case "flag":
      return node.kind === "flag" ? node.value : mismatch(schema, node);
    case "integer":
      return node.kind === "integer"
        ? readInteger(node, shape, "the number")
        : mismatch(schema, node);
    case "size":
      if (node.kind === "integer") return readInteger(node, atLeastZero(shape), "the size");
      return readQuantity(schema, shape, node, SIZE_UNITS);
    case "duration":
      return readQuantity(schema, shape, node, DURATION_UNITS);
    case "address":
      return readAddress(schema, node, folder);
    case "path":
      return node.kind === "text" ? readPath(shape, node.value, folder) : mismatch(schema, node);
    case "oneOf":
      return readOneOf(schema, shape, node);
    case "code":
      return node.kind === "code" && shape.takes(node.value) ? node.value : mismatch(schema, node);
  }
}

function readText(schema: Schema, shape: Shaped<"text">, text: string): string | Wrong {
  const said = shape.check?.(text) ?? null;
  if (said !== null) return new Wrong(said);
  if (shape.pattern === null || matchesWhole(shape.pattern, text)) return text;
  const example = schema.example === null ? "" : `, such as ${JSON.stringify(schema.example)}`;
  return new Wrong(`${JSON.stringify(text)} is not of the form that is wanted here${example}`);
}

function readPath(shape: Shaped<"path">, written: string, folder: BaseFolder): string | Wrong {
  const said = shape.check?.(written) ?? null;
  return said === null ? resolvePath(shape, written, folder) : new Wrong(said);
}

function matchesWhole(pattern: RegExp, text: string): boolean {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replaceAll(/[gy]/g, "")).test(text);
}

function readInteger(node: Node & { value: number }, range: Ranged, noun: string): number | Wrong {
  if (!Number.isSafeInteger(node.value)) return new Wrong(`${noun} is too large to count with`);
  return withinRange(node.value, range, node, noun);
}

function atLeastZero(shape: Ranged): Ranged {
  return { ...shape, min: shape.min ?? { value: 0, written: "0" } };
}

function readQuantity(
  schema: Schema,
  shape: Shaped<"size"> | Shaped<"duration">,
  node: Node,
  units: Readonly<Record<string, number>>,
): number | Wrong {
  if (node.kind !== "text") return mismatch(schema, node);
  const value = parseQuantity(node.value, units);
  if (value === "malformed") return mismatch(schema, node);
  const [noun, base] = shape.kind === "size" ? ["size", "bytes"] : ["duration", "milliseconds"];
  if (value === "fractional") return new Wrong(`${node.value} is not a whole number of ${base}`);
  if (value === "tooLarge") return new Wrong(`the ${noun} is too large to count with`);
  return withinRange(value, shape, node, `the ${noun}`);
}

function withinRange(value: number, range: Ranged, node: Node, noun: string): number | Wrong {
  const { min, max } = range;
  if ((min === null || value >= min.value) && (max === null || value <= max.value)) return value;
  const side = min !== null && value < min.value ? "small" : "large";
  return new Wrong(`${shownValue(node)} is too ${side}; ${noun} has to be${rangeOf(range)}`);
}

function rangeOf(range: Ranged): string {
  return rangeWords(range).replace(" of ", " ");
}

function readAddress(schema: Schema, node: Node, folder: BaseFolder): unknown {
  if (node.kind !== "text" && node.kind !== "integer") return mismatch(schema, node);
  const address = parseAddress(String(node.value), folder.path);
  return typeof address === "string" ? new Wrong(address) : address;
}

function readOneOf(schema: Schema, shape: Shaped<"oneOf">, node: Node): unknown {
  if (node.kind === "text" || node.kind === "integer") {
    const found = shape.values.find((value) => value === node.value);
    if (found !== undefined) return found;
  }
  return mismatch(schema, node);
}

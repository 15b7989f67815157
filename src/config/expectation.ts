// What a value should have been, and what it is instead, in words: "10s is a duration; this is a
// size, such as "64 KiB"".
import { inlineToml, nodeOf, type Node } from "./node.ts";
import { Wrong } from "./problem.ts";
import { pathNoun } from "./path.ts";
import { nearest } from "./nearest.ts";
import { DURATION_UNITS, parseQuantity, SIZE_UNITS } from "./quantity.ts";
import type { Bound, Schema, Shape } from "./shape.ts";

interface Expectation {
  readonly noun: string;
  /** As in a config file; empty where the noun says it all. */
  readonly example: string;
}

const WORD_LENGTH_MAX = 60;

/** What a value of this schema is called. */
export function expectation({ shape, example }: Schema): Expectation {
  const given = example === null ? null : inlineToml(nodeOf(example));
  switch (shape.kind) {
    case "text":
      return { noun: "text", example: given ?? "" };
    case "integer":
      return { noun: `a whole number${rangeWords(shape)}`, example: given ?? "" };
    case "flag":
      return { noun: "a flag: true or false", example: "" };
    case "code":
      return { noun: shape.noun, example: "" };
    case "size":
      return { noun: "a size", example: given ?? '"64 KiB" or "1 GiB"' };
    case "duration":
      return { noun: "a duration", example: given ?? '"30s" or "500ms"' };
    case "address":
      return { noun: "an address", example: given ?? '"127.0.0.1:8080"' };
    case "path":
      return {
        noun: shape.of === "any" ? "a path" : `a ${pathNoun(shape.of)}'s path`,
        example: given ?? '"public"',
      };
    case "oneOf":
      return { noun: orWords(shape.values.map((value) => JSON.stringify(value))), example: "" };
    case "list":
      return { noun: "a list", example: given ?? "" };
    case "record":
    case "table":
      return { noun: "a table", example: given ?? "" };
    case "either":
      return ofChoices(shape.choices);
  }
}

function ofChoices(choices: readonly Schema[]): Expectation {
  const each = choices.map(expectation);
  const noun = each.map((one) => one.noun).join(" or ");
  return { noun, example: each.find((one) => one.example !== "")?.example ?? "" };
}

/** "a, b or c". */
export function orWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/**
 * At `path` (null: where no heading could be), `node` is of another kind than `schema` takes, or
 * text that is not of its form.
 */
export function mismatch(schema: Schema, node: Node, path: string | null = null): Wrong {
  const { noun, example } = expectation(schema);
  const wanted = example === "" ? noun : `${noun}, such as ${example}`;
  const hint = repair(schema, node, path);
  if (node.kind === "integer" && schema.shape.kind === "duration") {
    const { value } = node;
    return new Wrong(`${value} what? A duration has a unit: write "${value}s" or "${value}ms"`);
  }
  if (!isWritten(schema.shape)) {
    return new Wrong(`${kindOf(node)}; this is ${wanted}`, hint);
  }
  const other = node.kind === "text" ? otherKind(node.value) : ownKind(schema.shape, node);
  if (other !== null) return new Wrong(`${other}; this is ${wanted}`, hint);
  return new Wrong(`${shownValue(node)} is not ${wanted}`, hint);
}

/** Whether text could be the value, so that a text that is not it gets "is not", not "is text". */
function isWritten(shape: Shape): boolean {
  if (shape.kind === "either") return shape.choices.some((choice) => isWritten(choice.shape));
  return ["size", "duration", "address", "oneOf"].includes(shape.kind);
}

function ownKind(shape: Shape, node: Node): string | null {
  const ofNumbers = shape.kind === "oneOf" && shape.values.every((one) => typeof one === "number");
  return ofNumbers && node.kind === "integer" ? null : kindOf(node);
}

function otherKind(text: string): string | null {
  if (parseQuantity(text, DURATION_UNITS) !== "malformed") return `${text} is a duration`;
  if (parseQuantity(text, SIZE_UNITS) !== "malformed") return `${text} is a size`;
  return null;
}

function kindOf(node: Node): string {
  switch (node.kind) {
    case "text":
      return otherKind(node.value) ?? `${shownValue(node)} is text`;
    case "flag":
      return `${node.value} is a flag`;
    case "integer":
      return `${shownValue(node)} is a number`;
    case "float":
      if (Number.isFinite(node.value)) return `${shownValue(node)} is a number with a fraction`;
      return `${shownValue(node)} is no number to count with`;
    case "date":
      return `${node.value} is a date`;
    case "code":
      return `here is ${codeNoun(node.value)}`;
    default:
      return `here is a ${node.kind}`;
  }
}

function codeNoun(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return `a ${typeof value}`;
  // Of a class, or of none; what a stranger's `constructor` may be is looked at with care.
  const { constructor: made } = value as { constructor?: unknown };
  const name = typeof made === "function" ? made.name : "";
  return name === "" ? "an object of no plain kind" : `an object of class ${name}`;
}

/** How to write what was likely meant. */
function repair(schema: Schema, node: Node, path: string | null): string | null {
  const { shape } = schema;
  if (shape.kind === "list") {
    const ofTables = shape.item.shape.kind === "table";
    if (ofTables && path !== null) return `write [[${path}]]`;
    if (node.kind === "table" || ofTables) return null;
    return `in a list: [${inlineToml(node)}]`;
  }
  if (node.kind === "list" && shape.kind === "table") {
    return path === null ? "there is only one" : `there is only one: write [${path}]`;
  }
  if (node.kind === "text") return repairText(schema, node.value);
  const takesText = shape.kind === "text" || shape.kind === "path";
  const isScalar = !["list", "table", "code"].includes(node.kind);
  return takesText && isScalar ? `in quotes: "${inlineToml(node)}"` : null;
}

function repairText({ shape }: Schema, text: string): string | null {
  if (shape.kind === "flag" && /^(true|false)$/i.test(text)) {
    return `without quotes: ${text.toLowerCase()}`;
  }
  const number = /^\d{1,15}$/.test(text);
  if (number && (shape.kind === "integer" || shape.kind === "size"))
    return `without quotes: ${text}`;
  if (number && shape.kind === "duration") return `with a unit: "${text}s" or "${text}ms"`;
  const near = nearest(text, wordsOf(shape));
  if (near !== null) return `did you mean ${JSON.stringify(near)}?`;
  if (otherKind(text) !== null) return null;
  if (shape.kind === "size") return `units of size: ${Object.keys(SIZE_UNITS).join(", ")}`;
  if (shape.kind === "duration") return `units of time: ${Object.keys(DURATION_UNITS).join(", ")}`;
  return null;
}

function wordsOf(shape: Shape): string[] {
  if (shape.kind === "either") return shape.choices.flatMap((choice) => wordsOf(choice.shape));
  return shape.kind === "oneOf" ? shape.values.filter((value) => typeof value === "string") : [];
}

/** The value as written, cut where it would fill the screen. */
export function shownValue(node: Node): string {
  const shown = inlineToml(node);
  return shown.length <= WORD_LENGTH_MAX ? shown : `${shown.slice(0, WORD_LENGTH_MAX)}…`;
}

/** " from 1 to 8", " of at least 1", or nothing. */
export function rangeWords(range: {
  readonly min: Bound | null;
  readonly max: Bound | null;
}): string {
  const { min, max } = range;
  if (min !== null && max !== null) return ` from ${min.written} to ${max.written}`;
  if (min !== null) return ` of at least ${min.written}`;
  return max === null ? "" : ` of at most ${max.written}`;
}

/** Whether a node of this kind can be meant for such a shape. */
export function takesKind(shape: Shape, { kind }: Node): boolean {
  switch (shape.kind) {
    case "either":
      return shape.choices.some((choice) => takesKind(choice.shape, { kind } as Node));
    case "table":
    case "record":
      return kind === "table";
    case "list":
      return kind === "list";
    case "text":
    case "path":
      return kind === "text";
    case "flag":
    case "code":
      return kind === shape.kind;
    case "integer":
      return kind === "integer" || kind === "float";
    case "size":
    case "duration":
      return kind === "integer";
    case "oneOf":
      return kind === "integer" && shape.values.some((value) => typeof value === "number");
    default:
      return false;
  }
}

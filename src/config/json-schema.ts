// The schema as JSON Schema (draft 2020-12), for editors that complete and check TOML as one types.
// What it can't say (a folder that exists, a text's own check) is left to `loadConfig`.
import { DURATION_UNITS, quantityPattern, SIZE_UNITS } from "./quantity.ts";
import { mayBeLeftOut } from "./schema.ts";
import type { ScalarShape, Schema, TableShape } from "./shape.ts";

type Json = Readonly<Record<string, unknown>>;

export function jsonSchema(schema: Schema, { title }: { readonly title: string }): object {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title, ...bodyOf(schema) };
}

function bodyOf({ doc, shape, presence, example }: Schema): Json {
  return {
    ...(doc === "" ? {} : { description: doc }),
    ...shapeOf(shape),
    ...(presence.kind === "fallback" ? { default: presence.written } : {}),
    ...(example === null ? {} : { examples: [example] }),
  };
}

function shapeOf(shape: Schema["shape"]): Json {
  switch (shape.kind) {
    case "table":
      return tableOf(shape);
    case "list":
      return { type: "array", items: bodyOf(shape.item) };
    case "record":
      return { type: "object", additionalProperties: bodyOf(shape.value) };
    case "either":
      return { anyOf: shape.choices.map(bodyOf) };
    default:
      return scalarOf(shape);
  }
}

function tableOf({ keys }: TableShape): Json {
  const all = Object.entries(keys);
  const required = all.filter(([, inner]) => !mayBeLeftOut(inner)).map(([key]) => key);
  return {
    type: "object",
    properties: Object.fromEntries(all.map(([key, inner]) => [key, bodyOf(inner)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function scalarOf(shape: ScalarShape): Json {
  switch (shape.kind) {
    case "text":
      if (shape.pattern === null) return { type: "string" };
      return { type: "string", pattern: `^(?:${shape.pattern.source})$` };
    case "path":
      return { type: "string", minLength: 1 };
    case "flag":
      return { type: "boolean" };
    case "integer":
      return { type: "integer", ...rangeOf(shape) };
    case "size":
      return {
        anyOf: [
          { type: "integer", minimum: 0, ...rangeOf(shape) },
          { type: "string", pattern: quantityPattern(SIZE_UNITS) },
        ],
      };
    case "duration":
      return { type: "string", pattern: quantityPattern(DURATION_UNITS) };
    case "address":
      return {
        anyOf: [
          { type: "integer", minimum: 0, maximum: 65535 },
          { type: "string", pattern: "^(unix:.+|([^:]+:|\\[.+\\]:)?[0-9]{1,5})$" },
        ],
      };
    case "oneOf":
      return { enum: shape.values };
    case "code":
      return { not: {} };
  }
}

function rangeOf({ min, max }: Extract<ScalarShape, { kind: "integer" | "size" }>): Json {
  return {
    ...(min === null ? {} : { minimum: min.value }),
    ...(max === null ? {} : { maximum: max.value }),
  };
}

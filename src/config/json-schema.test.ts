import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonSchema } from "./json-schema.ts";
import * as config from "./schema.ts";
import type { Schema } from "./shape.ts";

const doc = "Meaning.";

function made(key: Schema): unknown {
  const whole = jsonSchema(config.table({ key }), { title: "T" });
  return (whole as { properties: { key: unknown } }).properties.key;
}

test("a table is an object of its keys and no others", () => {
  const schema = config.table({
    given: config.flag({ doc, fallback: false }),
    wanted: config.text({ doc, pattern: /a|b/, example: "a" }),
    maybe: config.optional(config.integer({ doc, min: 1, max: 5 })),
    filled: config.table({ a: config.flag({ doc, fallback: true }) }),
  });
  assert.deepEqual(jsonSchema(schema, { title: "Portico" }), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Portico",
    type: "object",
    properties: {
      given: { description: doc, type: "boolean", default: false },
      wanted: { description: doc, type: "string", pattern: "^(?:a|b)$", examples: ["a"] },
      maybe: { description: doc, type: "integer", minimum: 1, maximum: 5 },
      filled: {
        type: "object",
        properties: { a: { description: doc, type: "boolean", default: true } },
        additionalProperties: false,
      },
    },
    required: ["wanted"],
    additionalProperties: false,
  });
});

test("sizes are integers of bytes or text with a unit, durations text only", () => {
  const size = made(config.size({ doc, fallback: "64 KiB", min: "1 KiB" }));
  const { anyOf, ...rest } = size as { anyOf: { minimum?: number; pattern?: string }[] };
  assert.deepEqual(rest, { description: doc, default: "64 KiB" });
  assert.equal(anyOf[0]!.minimum, 1024);
  assert.match("64 KiB", new RegExp(anyOf[1]!.pattern!));
  const duration = made(config.duration({ doc })) as { type: string; pattern: string };
  assert.equal(duration.type, "string");
  assert.match("500ms", new RegExp(duration.pattern));
  assert.doesNotMatch("500", new RegExp(duration.pattern));
});

test("lists, records and choices hold their parts", () => {
  const word = config.text({ doc: "" });
  assert.deepEqual(made(config.list(word, { doc })), {
    description: doc,
    type: "array",
    items: { type: "string" },
  });
  assert.deepEqual(made(config.record(word, { doc })), {
    description: doc,
    type: "object",
    additionalProperties: { type: "string" },
  });
  const auto = config.oneOf(["auto"], { doc: "" });
  assert.deepEqual(made(config.either([auto, word], { doc, fallback: "auto" })), {
    description: doc,
    anyOf: [{ enum: ["auto"] }, { type: "string" }],
    default: "auto",
  });
});

test("addresses are ports or text of their forms", () => {
  const { anyOf } = made(config.address({ doc })) as { anyOf: { pattern: string }[] };
  const pattern = new RegExp(anyOf[1]!.pattern);
  for (const good of ["8080", "a.b:1", "[::1]:80", "unix:/a"]) assert.match(good, pattern);
  for (const bad of ["", "a.b", "::1:80", ":80", "unix:"]) assert.doesNotMatch(bad, pattern);
});

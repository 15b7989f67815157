import assert from "node:assert/strict";
import { test } from "node:test";
import { referencePage } from "./reference.ts";
import * as config from "./schema.ts";

const { either, integer, list, oneOf, optional, path, record, size, table, text } = config;

const schema = table(
  {
    workers: either([oneOf(["auto"], { doc: "" }), integer({ doc: "", min: 1 })], {
      doc: "Threads | workers.",
      fallback: "auto",
    }),
    limits: table({ bytes: size({ doc: "Most.", fallback: "1 KiB" }) }, { doc: "Bounds." }),
    route: list(
      table({
        path: text({ doc: "What it\nanswers.", example: "/a/*" }),
        root: optional(path({ doc: "Its folder.", kind: "folder", exists: true })),
        headers: record(text({ doc: "" }), { doc: "On answers.", fallback: {} }),
        none: optional(table({})),
      }),
      { doc: "Routes." },
    ),
  },
  { doc: "All of it." },
);

test("there is a section a table and a row a key", () => {
  const page = referencePage(schema);
  const [, body] = page.split(/(?=## Top level)/);
  assert.equal(
    body,
    [
      "## Top level",
      "",
      "All of it.",
      "",
      "| key | type | default | meaning |",
      "|---|---|---|---|",
      '| `workers` | `"auto"` or integer of at least 1 | `"auto"` | Threads \\| workers. |',
      "| `limits` | table, see `[limits]` | its keys' defaults | Bounds. |",
      "| `route` | list of tables, see `[[route]]` | **required** | Routes. |",
      "",
      "## `[limits]`",
      "",
      "Bounds.",
      "",
      "| key | type | default | meaning |",
      "|---|---|---|---|",
      '| `bytes` | size | `"1 KiB"` | Most. |',
      "",
      "## `[[route]]`",
      "",
      "Routes.",
      "",
      "| key | type | default | meaning |",
      "|---|---|---|---|",
      '| `path` | text | **required** | What it answers. Example: `"/a/*"`. |',
      "| `root` | path of a folder | none | Its folder. |",
      "| `headers` | table of text by name | `{}` | On answers. |",
      "| `none` | table, see `[route.none]` | none |  |",
      "",
      "## `[route.none]`",
      "",
      "It has no keys.",
      "",
    ].join("\n"),
  );
});

test("the same schema gives the same page", () => {
  assert.equal(referencePage(schema), referencePage(schema));
});

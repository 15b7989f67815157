// The reference page of a schema: a section a table, a row a key. The same schema always gives the
// same page, so that a test can tell when the page that is kept is not it.
import { rangeWords } from "./expectation.ts";
import { inlineToml, nodeOf } from "./node.ts";
import { pathNoun } from "./path.ts";
import { mayBeLeftOut } from "./schema.ts";
import type { Schema } from "./shape.ts";
import { joined, sectionsOf, type Section } from "./sections.ts";

const HEAD = `# Config reference

Made from the program's schema. Sizes are written as \`"64 KiB"\` or in bytes, durations as
\`"30s"\` or \`"500ms"\`; paths are relative to the config file's folder.
`;

/** Markdown. */
export function referencePage(schema: Schema): string {
  const sections = sectionsOf(schema);
  return [HEAD, ...sections.map((section) => sectionText(section, sections))].join("\n");
}

function sectionText(section: Section, all: readonly Section[]): string {
  const { path, heading, doc, table } = section;
  const title = path === "" ? "Top level" : `\`${heading}\``;
  const rows = Object.entries(table.keys).map(([key, schema]) => row(key, schema, path, all));
  const head = ["| key | type | default | meaning |", "|---|---|---|---|"];
  const lines = [`## ${title}`, "", ...(doc === "" ? [] : [doc, ""])];
  if (rows.length === 0) return [...lines, "It has no keys.", ""].join("\n");
  return [...lines, ...head, ...rows, ""].join("\n");
}

function row(key: string, schema: Schema, path: string, all: readonly Section[]): string {
  const cells = [`\`${key}\``, typeWords(schema, joined(path, key), all), fallbackWords(schema)];
  const example =
    schema.example === null ? "" : ` Example: \`${inlineToml(nodeOf(schema.example))}\`.`;
  return `| ${[...cells, `${schema.doc}${example}`].map(cell).join(" | ")} |`;
}

function typeWords({ shape }: Schema, path: string, all: readonly Section[]): string {
  switch (shape.kind) {
    case "table":
      return `table, see \`${all.find((section) => section.path === path)?.heading ?? path}\``;
    case "list":
      return `list of ${typeWords(shape.item, path, all).replace(/^table,/, "tables,")}`;
    case "record":
      return `table of ${typeWords(shape.value, joined(path, "NAME"), all)} by name`;
    case "either":
      return shape.choices.map((choice) => typeWords(choice, path, all)).join(" or ");
    case "integer":
      return `integer${rangeWords(shape)}`;
    case "size":
    case "duration":
      return `${shape.kind}${rangeWords(shape)}`;
    case "flag":
      return "`true` or `false`";
    case "oneOf":
      return shape.values.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
    case "path":
      return shape.of === "any" ? "path" : `path of a ${pathNoun(shape.of)}`;
    default:
      return shape.kind;
  }
}

function fallbackWords(schema: Schema): string {
  const { presence } = schema;
  if (presence.kind === "fallback") return `\`${inlineToml(nodeOf(presence.written))}\``;
  if (presence.kind === "optional") return "none";
  return mayBeLeftOut(schema) ? "its keys' defaults" : "**required**";
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}

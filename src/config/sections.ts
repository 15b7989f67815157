// The tables of a schema by the name that a config file gives them: `[limits]`, `[[site.route]]`.
// Problems name them ("that key belongs in [limits]"), and the reference page has a section for
// each.
import type { Schema, TableShape } from "./shape.ts";

export interface Section {
  /** Keys with dots between; NAME stands for a free key. Empty for the whole file. */
  readonly path: string;
  readonly heading: string;
  readonly doc: string;
  readonly table: TableShape;
}

const TOP = "the top level";

/** Parents before what is in them, else in the schema's order; one for each path. */
export function sectionsOf(schema: Schema): Section[] {
  const sections: Section[] = [];
  const walk = ({ shape, doc }: Schema, path: string, ofList: boolean): void => {
    if (shape.kind === "table") {
      sections.push({ path, heading: headingOf(path, ofList), doc, table: shape });
      for (const [key, inner] of Object.entries(shape.keys)) walk(inner, joined(path, key), false);
    } else if (shape.kind === "list") walk({ ...shape.item, doc }, path, true);
    else if (shape.kind === "record") walk(shape.value, joined(path, "NAME"), false);
    else if (shape.kind === "either") for (const one of shape.choices) walk(one, path, ofList);
  };
  walk(schema, "", false);
  return sections;
}

/** The section that has such a key, the outermost first. */
export function sectionWithKey(sections: readonly Section[], key: string): Section | null {
  const depth = (section: Section): number => section.path.split(".").length;
  const having = sections.filter(({ table }) => Object.hasOwn(table.keys, key));
  return having.sort((a, b) => depth(a) - depth(b))[0] ?? null;
}

export function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function headingOf(path: string, ofList: boolean): string {
  if (path === "") return TOP;
  return ofList ? `[[${path}]]` : `[${path}]`;
}

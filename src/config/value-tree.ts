// A config that a program hands in, as a tree like a file's: each node's place is a line of its
// own, which says by which keys one gets there. So its problems are found and sorted as a file's.
import type { Entry, Node, TableNode } from "./node.ts";
import { Source, type Span } from "./problem.ts";

/** `site[0].route[2].path`, and where a value lies in no key: `config`. */
export class ValuePlaces extends Source {
  override readonly hasHeadings = false;

  override at({ line }: Span): string {
    return `\`${this.lines[line - 1]}\``;
  }
}

export interface ValueTree {
  readonly root: Node;
  readonly places: ValuePlaces;
}

// People write five; an object that holds itself has no end.
const DEPTH_MAX = 100;

/** `name` stands for the whole. */
export function treeOfValue(value: unknown, name: string): ValueTree {
  const paths: string[] = [];
  const root = nodeAt(value, "", paths, name, 0);
  return { root, places: new ValuePlaces(name, paths.join("\n")) };
}

function nodeAt(value: unknown, path: string, paths: string[], name: string, depth: number): Node {
  const text = path === "" ? name : path;
  const span = { line: paths.push(text), column: 1, length: text.length };
  if (typeof value === "string") return { kind: "text", value, span };
  if (typeof value === "boolean") return { kind: "flag", value, span };
  if (typeof value === "number") {
    return { kind: Number.isInteger(value) ? "integer" : "float", value, span };
  }
  if (depth < DEPTH_MAX && Array.isArray(value)) {
    const items = Array.from(value, (item: unknown, index) =>
      nodeAt(item, `${path}[${index}]`, paths, name, depth + 1),
    );
    return { kind: "list", items, span };
  }
  if (depth === DEPTH_MAX || !isPlain(value)) return { kind: "code", value, span };
  const table: TableNode = { kind: "table", entries: new Map(), span };
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue; // as left out
    const node = nodeAt(inner, path + keyText(key, path), paths, name, depth + 1);
    table.entries.set(key, { keySpan: node.span, node } satisfies Entry);
  }
  return table;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of another realm (a test runner's), `Object.prototype` is another.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function keyText(key: string, path: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path === "" ? key : `.${key}`;
}

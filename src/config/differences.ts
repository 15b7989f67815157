// What is different between two states of one config: a line each, as people wrote the values.
//
//   limits.connections: 10000 -> 500
//   site 1, route 2, static.root: "a" -> "b"
//   site 2: added
import { inlineToml, tomlKey, type Node, type TableNode } from "./node.ts";
import { printable } from "./printable.ts";

export interface Difference {
  /** `["site", 1, "root"]`. */
  readonly path: readonly (string | number)[];
  /** For people, on one line. */
  readonly text: string;
}

const SHOWN_LENGTH_MAX = 60;

/** What keys are called whose values are nobody else's to know. */
const SECRET = "secret";
const URL_PASSWORD = /(:\/\/[^/"\s:@]*:)[^/"\s@]+@/g;

/** In the order of the schema's keys; lists are compared item by item. */
export function differences(before: TableNode, after: TableNode): Difference[] {
  return between(before, after, []);
}

function between(before: Node, after: Node, path: Difference["path"]): Difference[] {
  if (before.kind === "table" && after.kind === "table") {
    const keys = new Set([...before.entries.keys(), ...after.entries.keys()]);
    return [...keys].flatMap((key) => {
      const was = before.entries.get(key)?.node;
      return either(was, after.entries.get(key)?.node, [...path, key]);
    });
  }
  if (before.kind === "list" && after.kind === "list" && holdsTables(before, after)) {
    const length = Math.max(before.items.length, after.items.length);
    return Array.from({ length }, (_, at) =>
      either(before.items[at], after.items[at], [...path, at]),
    ).flat();
  }
  const was = inlineToml(before);
  const is = inlineToml(after);
  if (was === is) return [];
  // Logs are read by more people than the config is.
  const change = path.includes(SECRET) ? "changed" : `${shown(was)} -> ${shown(is)}`;
  return [{ path, text: `${pathText(path)}: ${change}` }];
}

function either(
  before: Node | undefined,
  after: Node | undefined,
  path: Difference["path"],
): Difference[] {
  if (before !== undefined && after !== undefined) return between(before, after, path);
  const what = before === undefined ? "added" : "removed";
  return [{ path, text: `${pathText(path)}: ${what}` }];
}

function holdsTables(...lists: readonly (Node & { readonly kind: "list" })[]): boolean {
  return lists.some(({ items }) => items.some(({ kind }) => kind === "table"));
}

function pathText(path: Difference["path"]): string {
  let text = "";
  let before: string | number = "";
  for (const step of path) {
    if (typeof step === "number") text += ` ${step + 1}`;
    else text += (typeof before === "number" ? ", " : text && ".") + tomlKey(step);
    before = step;
  }
  return text;
}

function shown(toml: string): string {
  const text = printable(toml).replaceAll(URL_PASSWORD, "$1…@");
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX - 1)}…`;
}

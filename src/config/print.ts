// The effective config as TOML: every value, fallbacks too, and where it is from. It can be loaded
// again and means the same.
import { inlineToml, tomlKey, type ListNode, type Node, type TableNode } from "./node.ts";
import type { Loaded } from "./load.ts";
import { printable } from "./printable.ts";

const COMMENT_COLUMN = 40;

/** Lines of TOML, each value with `# line N` or `# default`; a path with what it stands for. */
export function printConfig(loaded: Loaded<unknown>): string {
  const lines: string[] = [];
  printTable(loaded.tree, loaded.value, [], lines);
  return `${lines.join("\n").trimStart()}\n`;
}

function printTable(table: TableNode, value: unknown, path: string[], lines: string[]): void {
  const below: (() => void)[] = []; // a table's own keys have to come before the tables in it
  for (const [key, { node }] of table.entries) {
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    const innerPath = [...path, tomlKey(key)];
    if (node.kind === "table") {
      if (node.span === null && node.entries.size === 0) continue; // says nothing
      below.push(() => {
        lines.push("", `[${innerPath.join(".")}]`);
        printTable(node, inner, innerPath, lines);
      });
    } else if (isListOfTables(node)) {
      below.push(() => printTables(node, inner as unknown[], innerPath, lines));
    } else {
      const pair = `${tomlKey(key)} = ${inlineToml(node)}`;
      lines.push(`${pair.padEnd(COMMENT_COLUMN)} # ${comment(node, inner)}`);
    }
  }
  for (const print of below) print();
}

function printTables(node: ListNode, values: unknown[], path: string[], lines: string[]): void {
  for (const [index, item] of node.items.entries()) {
    lines.push("", `[[${path.join(".")}]]`);
    printTable(item as TableNode, values[index], path, lines);
  }
}

function isListOfTables(node: Node): node is ListNode {
  return (
    node.kind === "list" &&
    node.items.length > 0 &&
    node.items.every(({ kind }) => kind === "table")
  );
}

function comment(node: Node, value: unknown): string {
  const origin = node.span === null ? "default" : `line ${node.span.line}`;
  // Only a path is other text than what was written.
  const differs = node.kind === "text" && typeof value === "string" && value !== node.value;
  return differs ? `${origin}: ${printable(value)}` : origin;
}

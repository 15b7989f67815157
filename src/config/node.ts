// A config as a tree that knows where each value stands. Nodes without a span are not in the file:
// they were made of fallbacks.
import { withEscapes } from "./printable.ts";
import type { Span } from "./problem.ts";
import type { Written } from "./shape.ts";

export interface Entry {
  readonly keySpan: Span | null;
  readonly node: Node;
}

export interface TableNode {
  readonly kind: "table";
  readonly entries: Map<string, Entry>;
  readonly span: Span | null;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: Node[];
  readonly span: Span | null;
}

export type Node =
  | TableNode
  | ListNode
  | { readonly kind: "text"; readonly value: string; readonly span: Span | null }
  | { readonly kind: "flag"; readonly value: boolean; readonly span: Span | null }
  | { readonly kind: "integer" | "float"; readonly value: number; readonly span: Span | null }
  | { readonly kind: "date"; readonly value: string; readonly span: Span | null }
  /** A value that no file can hold. */
  | { readonly kind: "code"; readonly value: unknown; readonly span: Span | null }
  /** A value that TOML can't read: told already. */
  | { readonly kind: "broken"; readonly span: Span | null };

/** The node of a fallback. */
export function nodeOf(written: Written): Node {
  const span = null;
  if (typeof written === "string") return { kind: "text", value: written, span };
  if (typeof written === "boolean") return { kind: "flag", value: written, span };
  if (typeof written === "number") {
    return { kind: Number.isInteger(written) ? "integer" : "float", value: written, span };
  }
  if (isList(written)) return { kind: "list", items: written.map(nodeOf), span };
  const entries = Object.entries(written).map(([key, value]): [string, Entry] => [
    key,
    { keySpan: null, node: nodeOf(value) },
  ]);
  return { kind: "table", entries: new Map(entries), span };
}

// Array.isArray does not narrow readonly arrays out of a union.
function isList(written: Written): written is readonly Written[] {
  return Array.isArray(written);
}

/** The node as TOML on one line. */
export function inlineToml(node: Node): string {
  switch (node.kind) {
    case "text":
      return tomlText(node.value);
    case "float":
      return tomlFloat(node.value);
    case "list":
      return `[${node.items.map(inlineToml).join(", ")}]`;
    case "table": {
      const pairs = Array.from(
        node.entries,
        ([key, entry]) => `${tomlKey(key)} = ${inlineToml(entry.node)}`,
      );
      return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
    }
    case "code":
    case "broken":
      return "…";
    default:
      return String(node.value);
  }
}

export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlText(key);
}

function tomlText(text: string): string {
  // JSON leaves DEL as it is; TOML does not.
  return withEscapes(JSON.stringify(text));
}

function tomlFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Number.isInteger(value) ? value.toExponential() : String(value);
}

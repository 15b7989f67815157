import type { Node } from "./node.ts";
import type { Span } from "./problem.ts";

/** Keys, and places in lists counted from 0, from a table inwards. */
export type ConfigPath = readonly (string | number)[];

export interface Step {
  readonly keySpan: Span | null;
  readonly node: Node;
}

/** The nodes on the way to `path`, as far as there are any. */
export function stepsTo(tree: Node, path: ConfigPath): Step[] {
  const steps: Step[] = [];
  let node: Node = tree;
  for (const part of path) {
    let step: Step | undefined;
    if (node.kind === "table") step = node.entries.get(String(part));
    else if (node.kind === "list" && typeof part === "number") {
      const item: Node | undefined = node.items[part];
      if (item !== undefined) step = { keySpan: item.span, node: item };
    }
    if (step === undefined) return steps;
    steps.push(step);
    node = step.node;
  }
  return steps;
}

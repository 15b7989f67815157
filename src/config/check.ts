// A tree against its schema: every value that can be taken, every problem there is. The tree that
// comes back is the effective one, with a node for every fallback, so that it can be printed and
// asked where a value is from.
import { expectation, mismatch, takesKind } from "./expectation.ts";
import { nearest } from "./nearest.ts";
import { BROKEN, holdsBroken } from "./sound.ts";
import { stepsTo } from "./steps.ts";
import { nodeOf, type Entry, type Node, type TableNode } from "./node.ts";
import { Wrong, type Problem, type Source, type Span } from "./problem.ts";
import { mayBeLeftOut } from "./schema.ts";
import type { Schema, Shape, TableShape } from "./shape.ts";
import type { BaseFolder } from "./path.ts";
import { readScalar } from "./scalar.ts";
import { joined, sectionsOf, sectionWithKey, type Section } from "./sections.ts";

export interface Checked {
  readonly value: unknown;
  readonly node: Node;
}

/** What a whole run of checks needs to know. */
interface Ground {
  readonly source: Source;
  readonly folder: BaseFolder;
  readonly sections: readonly Section[];
  /** Every key of the file is in the tree; else keys that seem to be left out may be in it. */
  readonly whole: boolean;
}

/** Where a check has come to: the path in the schema, and the nearest place that is in the file. */
interface Place {
  readonly path: string;
  readonly near: Span;
}

type Whole = Pick<TableShape, "whole">;

/** Where more keys are known than this, a list of them does not help. */
const KEYS_NAMED_MAX = 12;

export class Checker {
  readonly problems: Problem[] = [];
  readonly #ground: Ground;

  constructor(schema: Schema, ground: Omit<Ground, "sections">) {
    this.#ground = { ...ground, sections: sectionsOf(schema) };
  }

  /** The value, BROKEN where a problem is found, and the effective node. */
  check(schema: Schema, node: Node, at: Place): Checked {
    const place = node.span === null ? at : { ...at, near: node.span };
    const { shape } = schema;
    if (node.kind === "broken") return { value: BROKEN, node }; // told already
    switch (shape.kind) {
      case "table":
        if (node.kind !== "table") break;
        return this.#table(shape, node, place);
      case "record":
        if (node.kind !== "table") break;
        return this.#record(shape, node, place);
      case "list":
        if (node.kind !== "list") break;
        return this.#list(shape, node, place);
      case "either":
        return this.#either(schema, shape, node, place);
      default: {
        const value = readScalar(schema, shape, node, this.#ground.folder);
        if (!(value instanceof Wrong)) return { value, node };
        this.#problem(place.near, value);
        return { value: BROKEN, node };
      }
    }
    const heading = this.#ground.source.hasHeadings ? place.path : null;
    this.#problem(place.near, mismatch(schema, node, heading));
    return { value: BROKEN, node };
  }

  #table(shape: TableShape, node: TableNode, place: Place): Checked {
    const before = this.problems.length;
    const misspelt = this.#unknownKeys(shape, node, place);
    const values: [string, unknown][] = [];
    const entries = new Map<string, Entry>();
    for (const [key, schema] of Object.entries(shape.keys)) {
      const inner = { path: joined(place.path, key), near: place.near };
      const entry = node.entries.get(key) ?? leftOut(schema);
      if (entry === null) {
        const isMissing = !mayBeLeftOut(schema);
        values.push([key, isMissing ? BROKEN : undefined]);
        if (isMissing && !misspelt.has(key)) this.#missingKey(schema, key, place);
        continue;
      }
      const checked = this.check(schema, entry.node, {
        ...inner,
        near: entry.keySpan ?? place.near,
      });
      values.push([key, checked.value]);
      entries.set(key, { keySpan: entry.keySpan, node: checked.node });
    }
    for (const key of node.entries.keys()) {
      if (!Object.hasOwn(shape.keys, key)) values.push([key, BROKEN]);
    }
    const checked = { value: Object.fromEntries(values), node: { ...node, entries } };
    this.#whole(shape, checked, place, before);
    return checked;
  }

  #record(shape: Extract<Shape, { kind: "record" }>, node: TableNode, place: Place): Checked {
    const before = this.problems.length;
    // No prototype: `constructor` and `__proto__` are keys that somebody may write.
    const value = Object.create(null) as Record<string, unknown>;
    const entries = new Map<string, Entry>();
    for (const [key, { keySpan, node: inner }] of node.entries) {
      const at = { path: joined(place.path, "NAME"), near: keySpan ?? place.near };
      const wrongKey = shape.key?.(key) ?? null;
      if (wrongKey !== null) this.#problem(at.near, new Wrong(wrongKey));
      const checked = this.check(shape.value, inner, at);
      value[key] = checked.value;
      entries.set(key, { keySpan, node: checked.node });
    }
    const checked = { value, node: { ...node, entries } };
    this.#whole(shape, checked, place, before);
    return checked;
  }

  #list(
    shape: Extract<Shape, { kind: "list" }>,
    node: Extract<Node, { kind: "list" }>,
    place: Place,
  ): Checked {
    const before = this.problems.length;
    const each = node.items.map((item) => this.check(shape.item, item, place));
    const items = each.map((one) => one.node);
    const checked = { value: each.map((one) => one.value), node: { ...node, items } };
    this.#whole(shape, checked, place, before);
    return checked;
  }

  /** What is wrong between the parts, where no part alone is wrong. */
  #whole({ whole }: Whole, { value, node }: Checked, place: Place, before: number): void {
    if (whole === null || this.problems.length > before || holdsBroken(value)) return;
    for (const { message, path, onKey = false } of whole(value)) {
      const found = stepsTo(node, path).findLast((step) => step.node.span !== null);
      const span = onKey ? (found?.keySpan ?? found?.node.span) : found?.node.span;
      this.#problem(span ?? place.near, new Wrong(message));
    }
  }

  #either(
    schema: Schema,
    { choices }: Extract<Shape, { kind: "either" }>,
    node: Node,
    place: Place,
  ): Checked {
    const outcomes = choices.map((choice) => this.#tried(choice, node, place));
    const taken = outcomes.find(({ problems }) => problems.length === 0);
    if (taken !== undefined) return taken.checked;
    // Where one choice alone is of the kind that is written, what it says is nearer: "0 is too
    // small" rather than "0 is not "auto" or a number".
    const alike = outcomes.filter((_, index) => takesKind(choices[index]!.shape, node));
    const [only] = alike;
    if (alike.length === 1) this.problems.push(...only!.problems);
    else this.#problem(place.near, mismatch(schema, node));
    return { value: BROKEN, node };
  }

  #tried(schema: Schema, node: Node, place: Place): { checked: Checked; problems: Problem[] } {
    const before = this.problems.length;
    const checked = this.check(schema, node, place);
    return { checked, problems: this.problems.splice(before) };
  }

  /** Tells of each key that the schema does not have; returns those that were likely meant. */
  #unknownKeys(shape: TableShape, node: TableNode, place: Place): Set<string> {
    const meant = new Set<string>();
    const absent = Object.keys(shape.keys).filter((key) => !node.entries.has(key));
    for (const [key, { keySpan }] of node.entries) {
      if (Object.hasOwn(shape.keys, key)) continue;
      const near = nearest(key, absent);
      if (near !== null) meant.add(near);
      const hint = near === null ? this.#hintFor(key, shape, node) : `did you mean \`${near}\`?`;
      const wrong = new Wrong(`unknown key \`${key}\` ${this.#heading(place.path)}`, hint);
      this.#problem(keySpan ?? place.near, wrong);
    }
    return meant;
  }

  /** For an unknown key that is no slip of one that is left out. */
  #hintFor(key: string, shape: TableShape, node: TableNode): string | null {
    const known = Object.keys(shape.keys);
    const near = nearest(key, known);
    const there = near === null ? null : (node.entries.get(near)?.keySpan ?? null);
    if (there !== null) {
      return `did you mean \`${near}\`, which ${this.#ground.source.at(there)} has?`;
    }
    const elsewhere = sectionWithKey(this.#ground.sections, key);
    if (elsewhere !== null) return this.#home(elsewhere, key);
    return known.length <= KEYS_NAMED_MAX ? `keys here: ${known.join(", ")}` : null;
  }

  #home({ path, heading }: Section, key: string): string {
    const own = this.#ground.sections.find((one) => one.path === joined(path, key));
    if (own !== undefined) return `it is ${own.heading}`;
    return `that key belongs ${path === "" ? "at" : "in"} ${heading}`;
  }

  #missingKey(schema: Schema, key: string, place: Place): void {
    if (!this.#ground.whole) return;
    const { noun, example } = expectation(schema);
    const wanted = example === "" ? noun : `${noun}, such as ${key} = ${example}`;
    const wrong = new Wrong(
      `\`${key}\` is missing ${this.#heading(place.path)}`,
      `it is ${wanted}`,
    );
    this.#problem(place.near, wrong);
  }

  #heading(path: string): string {
    const section = this.#ground.sections.find((one) => one.path === path);
    if (path === "") return "at the top level";
    return `in ${section?.heading ?? path}`;
  }

  #problem(span: Span, wrong: Wrong): void {
    this.problems.push(this.#ground.source.problem(span, wrong));
  }
}

/** What stands for a key that is not in the file; null where nothing does. */
function leftOut(schema: Schema): Entry | null {
  const { presence, shape } = schema;
  if (presence.kind === "optional") return null;
  if (presence.kind === "fallback") return { keySpan: null, node: nodeOf(presence.written) };
  const fillable = shape.kind === "table" && mayBeLeftOut(schema);
  return fillable ? { keySpan: null, node: nodeOf({}) } : null;
}

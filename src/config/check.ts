// A tree against its schema: every value that can be taken, every problem there is. The tree that
// comes back is the effective one, with a node for every fallback, so that it can be printed and
// asked where a value is from.
import { expectation, mismatch } from "./expectation.ts";
import { nearest } from "./nearest.ts";
import { nodeOf, type Entry, type Node, type TableNode } from "./node.ts";
import { Wrong, type Problem, type Source, type Span } from "./problem.ts";
import { mayBeLeftOut, type Schema, type Shape, type TableShape } from "./schema.ts";
import { readScalar } from "./scalar.ts";
import { joined, sectionsOf, sectionWithKey, type Section } from "./sections.ts";

export interface Checked {
  readonly value: unknown;
  readonly node: Node;
}

/** What a whole run of checks needs to know. */
interface Ground {
  readonly source: Source;
  readonly folder: string;
  readonly sections: readonly Section[];
  /** Lines that could not be read are missing: keys that seem to be left out may be in them. */
  readonly damaged: boolean;
}

/** Where a check has come to: the path in the schema, and the nearest place that is in the file. */
interface Place {
  readonly path: string;
  readonly near: Span;
}

/** Where more keys are known than this, a list of them does not help. */
const KEYS_NAMED_MAX = 12;

export class Checker {
  readonly problems: Problem[] = [];
  readonly #ground: Ground;

  constructor(schema: Schema, ground: Omit<Ground, "sections">) {
    this.#ground = { ...ground, sections: sectionsOf(schema) };
  }

  /** The value and the effective node; meaningless where `problems` are found. */
  check(schema: Schema, node: Node, at: Place): Checked {
    const place = node.span === null ? at : { ...at, near: node.span };
    const { shape } = schema;
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
        if (value instanceof Wrong) this.#problem(place.near, value);
        return { value, node };
      }
    }
    this.#problem(place.near, mismatch(schema, node, place.path));
    return { value: undefined, node };
  }

  #table(shape: TableShape, node: TableNode, place: Place): Checked {
    const misspelt = this.#unknownKeys(shape, node, place);
    const values: [string, unknown][] = [];
    const entries = new Map<string, Entry>();
    for (const [key, schema] of Object.entries(shape.keys)) {
      const inner = { path: joined(place.path, key), near: place.near };
      const entry = node.entries.get(key) ?? leftOut(schema);
      if (entry === null) {
        values.push([key, undefined]);
        if (!mayBeLeftOut(schema) && !misspelt.has(key)) this.#missingKey(schema, key, place);
        continue;
      }
      const checked = this.check(schema, entry.node, {
        ...inner,
        near: entry.keySpan ?? place.near,
      });
      values.push([key, checked.value]);
      entries.set(key, { keySpan: entry.keySpan, node: checked.node });
    }
    return { value: Object.fromEntries(values), node: { ...node, entries } };
  }

  #record(shape: Extract<Shape, { kind: "record" }>, node: TableNode, place: Place): Checked {
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
    return { value, node: { ...node, entries } };
  }

  #list(
    shape: Extract<Shape, { kind: "list" }>,
    node: Extract<Node, { kind: "list" }>,
    place: Place,
  ): Checked {
    const checked = node.items.map((item) => this.check(shape.item, item, place));
    const items = checked.map((one) => one.node);
    return { value: checked.map((one) => one.value), node: { ...node, items } };
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
    // Text may have been meant as any of them. Else, where one choice alone is of the kind that is
    // written, what it says is nearer: "0 is too small" rather than "0 is not "auto" or a number".
    const alike = outcomes.filter((_, index) => takesKind(choices[index]!.shape, node));
    const [only] = alike;
    if (alike.length === 1 && node.kind !== "text") this.problems.push(...only!.problems);
    else this.#problem(place.near, mismatch(schema, node));
    return { value: undefined, node };
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
      this.#unknownKey(shape, key, near, { ...place, near: keySpan ?? place.near });
    }
    return meant;
  }

  #unknownKey(shape: TableShape, key: string, near: string | null, place: Place): void {
    const known = Object.keys(shape.keys);
    const elsewhere = sectionWithKey(this.#ground.sections, key);
    let hint = known.length <= KEYS_NAMED_MAX ? `keys here: ${known.join(", ")}` : null;
    if (near !== null) hint = `did you mean \`${near}\`?`;
    else if (elsewhere !== null) hint = this.#home(elsewhere, key);
    const where = this.#heading(place.path);
    this.#problem(place.near, new Wrong(`unknown key \`${key}\` ${where}`, hint));
  }

  #home({ path, heading }: Section, key: string): string {
    const own = this.#ground.sections.find((one) => one.path === joined(path, key));
    if (own !== undefined) return `it is ${own.heading}`;
    return `that key belongs ${path === "" ? "at" : "in"} ${heading}`;
  }

  #missingKey(schema: Schema, key: string, place: Place): void {
    if (this.#ground.damaged) return;
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

/** Whether a node of this kind can be meant for such a shape. */
function takesKind(shape: Shape, { kind }: Node): boolean {
  switch (shape.kind) {
    case "either":
      return shape.choices.some((choice) => takesKind(choice.shape, { kind } as Node));
    case "table":
    case "record":
      return kind === "table";
    case "list":
      return kind === "list";
    case "flag":
      return kind === "flag";
    case "integer":
      return kind === "integer" || kind === "float";
    case "size":
    case "duration":
      return kind === "integer";
    case "oneOf":
      return kind === "integer" && shape.values.some((value) => typeof value === "number");
    default:
      return false;
  }
}

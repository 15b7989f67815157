// What has to be in a folder in which one writer writes, one operation after the other: what was
// acknowledged, and of the one that was cut off all or nothing.
import assert from "node:assert/strict";
import { contentOf, sha256Of, type Ack, type Op } from "./op.ts";

/** Files by their names: SHA-256 of each. */
export type Files = ReadonlyMap<string, string>;

export class KnownFiles {
  #files = new Map<string, string>();
  #pending: Op | null = null;

  begin(op: Op): void {
    assert.equal(this.#pending, null, "one after the other");
    this.#pending = op;
  }

  acknowledged(ack: Ack): void {
    const op = this.#pending!;
    this.#pending = null;
    if (!("names" in ack)) return;
    if (op.kind === "remove") {
      this.#files.delete(op.name);
      return;
    }
    for (const [index, name] of ack.names.entries()) {
      const sha = sha256Of(contentOf(op.files[index]!.content));
      if (op.how === "same" && this.#files.has(name)) assert.equal(this.#files.get(name), sha);
      if (op.how === "reject" || op.how === "rename") {
        assert.ok(!this.#files.has(name), `${name} was there`);
      }
      this.#files.set(name, sha);
    }
  }

  /** Compares with what is there after a crash and a start; from then on that is what is known. */
  settle(seen: Files): void {
    const op = this.#pending;
    this.#pending = null;
    const isBefore = areSame(seen, this.#files);
    if (!isBefore) assert.ok(op !== null && this.#isAfter(op, seen), this.#difference(op, seen));
    this.#files = new Map(seen);
  }

  #isAfter(op: Op, seen: Files): boolean {
    const expected = new Map(this.#files);
    if (op.kind === "remove") {
      expected.delete(op.name);
      return areSame(seen, expected);
    }
    if (op.how !== "rename") {
      for (const { name, content } of op.files) expected.set(name, sha256Of(contentOf(content)));
      return areSame(seen, expected);
    }
    // Which numbers they get is the store's to say: all of them are there, and nothing else is new.
    for (const [name, sha] of expected) if (seen.get(name) !== sha) return false;
    const added = [...seen].filter(([name]) => !expected.has(name)).map(([, sha]) => sha);
    const wanted = op.files.map(({ content }) => sha256Of(contentOf(content)));
    return added.toSorted().join(" ") === wanted.toSorted().join(" ");
  }

  #difference(op: Op | null, seen: Files): string {
    const lines = [`cut off: ${JSON.stringify(op)}`];
    for (const name of new Set([...seen.keys(), ...this.#files.keys()])) {
      const [is, was] = [seen.get(name) ?? "nothing", this.#files.get(name) ?? "nothing"];
      if (is !== was) lines.push(`${name} is ${is}, was ${was}`);
    }
    return lines.join("\n");
  }
}

function areSame(a: Files, b: Files): boolean {
  return a.size === b.size && [...a].every(([name, sha]) => b.get(name) === sha);
}

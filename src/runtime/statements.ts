// The statements of one database, each prepared once, by its text.
import type { DatabaseSync, StatementSync } from "node:sqlite";

type Value = string | number | null;

export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The first row; undefined: there is none. */
  one<Row>(text: string, values: readonly Value[] = []): Row | undefined {
    return this.#of(text).get(...values) as Row | undefined;
  }

  all<Row>(text: string, values: readonly Value[] = []): Row[] {
    return this.#of(text).all(...values) as Row[];
  }

  run(text: string, values: readonly Value[] = []): void {
    this.#of(text).run(...values);
  }

  #of(text: string): StatementSync {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    this.#prepared.set(text, statement);
    return statement;
  }
}

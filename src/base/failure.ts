// What a peer did wrong, as data. Each part exports a table of its codes with status and message;
// the registry joins the tables, and the docs are compared with the join. What we do wrong is
// thrown.

/** One row of a failure table: the HTTP status that answers it, and a sentence for the client. */
export interface FailureRow {
  readonly status: number;
  readonly message: string;
}

export type FailureTable = Readonly<Record<string, FailureRow>>;

/** Field lines of an answer, in the order they are written. */
export type FieldList = readonly (readonly [name: string, value: string])[];

/** A peer's mistake, returned, never thrown. `detail` is for the log, `fields` for the answer. */
export class Failure<Code extends string = string> {
  readonly code: Code;
  readonly detail: string;
  readonly fields: FieldList;

  constructor(code: Code, detail = "", fields: FieldList = []) {
    this.code = code;
    this.detail = detail;
    this.fields = fields;
  }

  /** The same failure with more fields on its answer, behind those it has. */
  withFields(fields: FieldList): Failure<Code> {
    return new Failure(this.code, this.detail, [...this.fields, ...fields]);
  }
}

// What is wrong with a config, as data: a place in the file, words, and what would repair it.

/** A stretch of one line; line and column count from 1, in UTF-16 units as editors do. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export type Severity = "error" | "warning";

export interface Problem extends Span {
  readonly file: string;
  readonly message: string;
  /** What would repair it, where that is known. */
  readonly hint: string | null;
  readonly sourceLine: string;
  readonly severity: Severity;
}

/** Where problems are that belong to no line: the file's first character. */
export const FILE_START: Span = { line: 1, column: 1, length: 1 };

/** A value that can't be taken, before it is known where it stands. */
export class Wrong {
  readonly message: string;
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    this.message = message;
    this.hint = hint;
  }
}

/** A file's name and lines, to make problems with. */
export class Source {
  /** Tables have headings in it, which repairs may name. */
  readonly hasHeadings: boolean = true;
  readonly file: string;
  readonly lines: readonly string[];

  constructor(file: string, text: string) {
    this.file = file;
    this.lines = text.split(/\r?\n/);
  }

  /** A place in words: `line 3`. */
  at({ line }: Span): string {
    return `line ${line}`;
  }

  problem(span: Span, { message, hint }: Wrong, severity: Severity = "error"): Problem {
    const sourceLine = this.lines[span.line - 1] ?? "";
    return { file: this.file, ...span, message, hint, sourceLine, severity };
  }
}

/** In the order of the file. */
export function sortProblems(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => a.line - b.line || a.column - b.column);
}

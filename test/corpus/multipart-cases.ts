// Cases of forms (README.md has the format), and what a parser makes of them.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Failure } from "../../src/base/failure.ts";
import {
  MULTIPART_LIMITS,
  multipartBoundary,
  MultipartParser,
  type PartHead,
} from "../../src/protocol/index.ts";

export interface FormCase {
  readonly name: string;
  readonly area: string;
  readonly rfc: string;
  readonly why: string;
  readonly content_type: string;
  readonly body: string | readonly BodyPiece[];
  readonly expect: Expectation;
}

type BodyPiece = string | { readonly repeat: string; readonly times: number };
type OneOf<T> = T | readonly T[];

export interface Expectation {
  readonly outcome: "ok" | "refuse" | "either";
  readonly parts?: readonly ExpectedPart[];
}

interface ExpectedPart {
  readonly name: OneOf<string>;
  readonly filename: OneOf<string> | null;
  readonly type: string | null;
  readonly size: OneOf<number>;
  readonly sha256?: OneOf<string>;
  readonly text?: OneOf<string>;
  readonly kind?: "any";
  readonly any_name?: boolean;
  readonly optional?: boolean;
  readonly times?: number;
}

/** A part as it came out of the parser. */
export interface SeenPart {
  readonly name: string;
  readonly filename: string | null;
  readonly type: string | null;
  readonly size: number;
  readonly sha256: string;
  /** Of parts up to 64 KiB, else "". */
  readonly text: string;
}

const TEXT_BYTES_MAX = 64 * 1024;

export function readFormCases(file: URL): FormCase[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as FormCase);
}

/** The body in latin1, a character a byte. */
export function bodyOf({ body }: FormCase): string {
  const pieces = [body].flat();
  return pieces
    .map((piece) => (typeof piece === "string" ? piece : piece.repeat.repeat(piece.times)))
    .join("");
}

/** The parts of a form, or the code of its failure. Throws where events are out of order. */
export function parseForm(contentType: string, pieces: Iterable<Uint8Array>): SeenPart[] | string {
  const boundary = multipartBoundary(contentType);
  if (boundary instanceof Failure) return boundary.code;
  const parts: SeenPart[] = [];
  let open: OpenPart | null = null;
  const parser = new MultipartParser(boundary, MULTIPART_LIMITS, {
    onPart(head) {
      if (open !== null) throw new Error("a part in a part");
      open = new OpenPart(head);
    },
    onContent(bytes) {
      if (bytes.length === 0) throw new Error("content without bytes");
      open!.add(bytes);
    },
    onPartEnd() {
      parts.push(open!.seen());
      open = null;
    },
  });
  for (const piece of pieces) {
    const failure = parser.feed(piece);
    if (failure !== null) return failure.code;
  }
  return parser.end()?.code ?? parts;
}

class OpenPart {
  readonly #head: PartHead;
  readonly #hash = createHash("sha256");
  readonly #pieces: Buffer[] = [];
  #size = 0;

  constructor(head: PartHead) {
    this.#head = head;
  }

  add(bytes: Uint8Array): void {
    this.#size += bytes.length;
    this.#hash.update(bytes);
    if (this.#size <= TEXT_BYTES_MAX) this.#pieces.push(Buffer.from(bytes));
  }

  seen(): SeenPart {
    const { name, filename, contentType } = this.#head;
    const type = contentType?.split(";")[0]!.trim().toLowerCase() ?? null;
    const sha256 = this.#hash.digest("hex");
    const text = this.#size > TEXT_BYTES_MAX ? "" : Buffer.concat(this.#pieces).toString();
    return { name, filename, type, size: this.#size, sha256, text };
  }
}

/** What is wrong with `seen`; null when nothing is. */
export function problemWith(
  seen: readonly SeenPart[] | string,
  expect: Expectation,
): string | null {
  if (typeof seen === "string") return expect.outcome === "ok" ? `refused as ${seen}` : null;
  if (expect.outcome === "refuse") return `taken, with ${seen.length} parts`;
  if (expect.parts === undefined) return null;
  const left = [...seen];
  for (const part of expect.parts) {
    for (let time = 0; time < (part.times ?? 1); time += 1) {
      const problem = left.length === 0 ? "is missing" : problemWithPart(left[0]!, part);
      if (problem === null) left.shift();
      else if (part.optional !== true) return `part ${JSON.stringify(part.name)} ${problem}`;
    }
  }
  return left.length === 0 ? null : `more than was sent: ${left.map(({ name }) => name).join()}`;
}

function problemWithPart(seen: SeenPart, part: ExpectedPart): string | null {
  const filenames = [
    ...(part.filename === null ? [null] : [part.filename].flat()),
    ...(part.kind === "any" ? [null, ""] : []),
  ];
  const checks: [string, unknown, readonly unknown[] | null][] = [
    ["name", seen.name, [part.name].flat()],
    ["filename", seen.filename, part.any_name === true ? null : filenames],
    ["type", seen.type, part.type === null ? null : [part.type]],
    // A text's size is that of the text as it was meant, which is the reader's to find out.
    ["size", seen.size, part.text === undefined ? [part.size].flat() : null],
    ["sha256", seen.sha256, part.sha256 === undefined ? null : [part.sha256].flat()],
    ["text", seen.text, part.text === undefined ? null : [part.text].flat()],
  ];
  const wrong = checks.find(([, value, good]) => good !== null && !good.includes(value));
  return wrong === undefined ? null : `has ${wrong[0]} ${JSON.stringify(wrong[1])}`;
}

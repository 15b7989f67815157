// A program's output, fed to what makes an answer of it, and that answer in words.
import { systemClock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { ByteStream, FileSlice, type Answer, type Reply } from "../http/exchange/index.ts";
import { ProgramAnswer, type OutputSource, type ProgramRules } from "../http/gateway/index.ts";
import { OpenFileCache } from "../storage/index.ts";
import { exchangeOf, type AskedFor } from "./exchange.ts";
import { LogNotes } from "./store-bench.ts";

/** Of all answers of a test file. */
export const programFiles = new OpenFileCache({ clock: systemClock });
export const PROGRAM_RULES: ProgramRules = {
  files: programFiles,
  sendFrom: [],
  sources: [".php"],
  log: new LogNotes(),
};

/** Notes what an answer asks of the program. */
export class SourceNotes implements OutputSource {
  readonly calls: string[] = [];
  resume(): void {
    this.calls.push("resume");
  }
  leave(): void {
    this.calls.push("leave");
  }
}

export interface Ran {
  readonly answer: Answer;
  readonly program: ProgramAnswer;
  readonly calls: readonly string[];
}

/** A program that writes `output`, and ends (by `end`, if it is not null). */
export async function ran(
  output: string | readonly string[],
  { asked = {}, rules = {}, end = null }: RanOptions = {},
): Promise<Ran> {
  const source = new SourceNotes();
  const program = new ProgramAnswer(exchangeOf(asked), { ...PROGRAM_RULES, ...rules }, source);
  for (const piece of [output].flat()) program.feed(Buffer.from(piece, "latin1"));
  program.end(end);
  return { answer: await program.answer, program, calls: source.calls };
}

export interface RanOptions {
  readonly asked?: AskedFor;
  readonly rules?: Partial<ProgramRules>;
  readonly end?: Failure | null;
}

/** The answer in words: status, fields and body, or the failure's code. */
export async function told({ answer }: Ran): Promise<string> {
  if (answer instanceof Failure) return answer.code;
  const fields = answer.fields.map(([name, value]) => `${name}: ${value}`).join(" | ");
  return `${answer.status} ${fields} [${await toldBody(answer)}]`;
}

/** The body as text; an error's words behind what came before it. */
export async function toldBody({ body }: Reply): Promise<string> {
  if (body instanceof FileSlice) {
    const { file, offset, length } = body;
    file.release();
    return Buffer.from(file.bytes!).toString("latin1", offset, offset + length);
  }
  if (body instanceof Uint8Array) return Buffer.from(body).toString("latin1");
  if (!(body instanceof ByteStream)) return body === null ? "" : "pieces";
  let text = "";
  try {
    for await (const piece of body.source) text += Buffer.from(piece).toString("latin1");
  } catch (error) {
    return `${text}… ${(error as Error).message}`;
  }
  return text;
}

// multipart/form-data (RFC 7578) on its way out. All lengths are known beforehand, so the form has
// one, too. Names are written as browsers do (HTML, "multipart/form-data encoding algorithm"): a
// quote and line ends in percent, the rest in UTF-8.
import { randomBytes } from "node:crypto";
import { ClientFailure } from "./failure.ts";
import { OutgoingFile } from "./outgoing-file.ts";
import type { OutgoingBody } from "./outgoing.ts";

/** The field that files come in, as in a form's `<input type="file" name="file">`. */
const FILE_FIELD = "file";

export interface FormFile {
  readonly path: string;
  readonly name: string;
  readonly type: string;
}

export type FormFields = readonly (readonly [name: string, value: string])[];

interface Part {
  readonly head: Buffer;
  readonly file: OutgoingFile | null;
}

export class OutgoingForm implements OutgoingBody {
  readonly bytes: number;
  readonly #parts: readonly Part[];
  #at = 0;
  #headGiven = false;

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
    this.bytes = parts.reduce((sum, { head, file }) => sum + head.length + (file?.bytes ?? 0), 0);
  }

  /** All `files` are opened here, so that one that is missing is told before anything is sent. */
  static async open(
    files: readonly FormFile[],
    fields: FormFields,
    boundary: string,
  ): Promise<OutgoingForm | ClientFailure> {
    const parts: Part[] = [];
    const add = (text: string, file: OutgoingFile | null): void => {
      const before = parts.length === 0 ? "" : "\r\n";
      parts.push({ head: Buffer.from(`${before}--${boundary}${text}`), file });
    };
    for (const [name, value] of fields) add(`${dispositionOf(name)}\r\n\r\n${value}`, null);
    for (const { path, name, type } of files) {
      const file = await OutgoingFile.open(path);
      if (file instanceof ClientFailure) {
        await closeAll(parts);
        return file;
      }
      const disposition = `${dispositionOf(FILE_FIELD)}; filename="${quotable(name)}"`;
      add(`${disposition}\r\nContent-Type: ${type}\r\n\r\n`, file);
    }
    add("--\r\n", null);
    return new OutgoingForm(parts);
  }

  /** Of each file, in order, once all has been read. */
  get sent(): { readonly bytes: number; readonly sha256: string }[] {
    return this.#parts.flatMap(({ file }) => {
      return file === null ? [] : [{ bytes: file.bytes, sha256: file.sha256 }];
    });
  }

  async next(): Promise<Uint8Array | null | ClientFailure> {
    for (;;) {
      const part = this.#parts[this.#at];
      if (part === undefined) return null;
      if (!this.#headGiven) {
        this.#headGiven = true;
        return part.head;
      }
      const piece = (await part.file?.next()) ?? null;
      if (piece !== null) return piece;
      await part.file?.close();
      this.#headGiven = false;
      this.#at += 1;
    }
  }

  async close(): Promise<void> {
    await closeAll(this.#parts);
  }
}

async function closeAll(parts: readonly Part[]): Promise<void> {
  for (const { file } of parts) await file?.close();
}

/** 128 random bits: no file has them by chance, and nobody who makes one can know them. */
export function randomBoundary(): string {
  return `portico-${randomBytes(16).toString("hex")}`;
}

function dispositionOf(name: string): string {
  return `\r\nContent-Disposition: form-data; name="${quotable(name)}"`;
}

function quotable(name: string): string {
  return name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}

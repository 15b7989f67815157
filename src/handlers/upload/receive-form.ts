// A form with files (multipart/form-data, RFC 7578), stored as it comes: a part at a time, and all
// or none of it.
import { Failure } from "../../base/failure.ts";
import type { Exchange } from "../../http/exchange/index.ts";
import {
  FormReader,
  IncomingFile,
  mendedName,
  type CompleteFile,
  type FormStep,
} from "../../http/incoming/index.ts";
import { pourBody } from "../../http/pour-body.ts";
import { multipartBoundary, type PartHead } from "../../protocol/index.ts";
import { FormFields } from "./form-fields.ts";
import { RequestDigests } from "./request-digests.ts";
import type { UploadFolder } from "./upload-folder.ts";

/** How many files of a form are flushed to the disk at once. */
const SEALING_MAX = 8;

export interface ReceivedForm {
  readonly files: readonly CompleteFile[];
  readonly fields: FormFields;
}

/** Takes the form in `exchange`'s body. What fails leaves nothing. */
export async function receiveForm(
  folder: UploadFolder,
  exchange: Exchange,
): Promise<ReceivedForm | Failure> {
  const boundary = multipartBoundary(exchange.fields.get("content-type") ?? "");
  if (boundary instanceof Failure) return boundary;
  const digests = RequestDigests.of(exchange.fields);
  if (digests instanceof Failure) return digests;
  const { body } = exchange;
  body.bytesMax = Math.min(body.bytesMax, folder.options.formBytes ?? Infinity);
  const form = new FormIntake(folder, boundary);
  let received: ReceivedForm | Failure | null = null;
  try {
    const failure = await pourBody(body, (piece) => {
      digests.update(piece);
      return form.take(piece);
    });
    received = failure ?? (await form.end()) ?? digests.check() ?? form.received;
    return received;
  } finally {
    if (received === null || received instanceof Failure) await form.drop();
  }
}

class FormIntake {
  readonly #folder: UploadFolder;
  readonly #reader: FormReader;
  readonly #fields: FormFields;
  readonly #begun: IncomingFile[] = [];
  readonly #files: CompleteFile[] = [];
  /** Files that are being flushed, in their order. */
  readonly #sealing: Promise<CompleteFile | Failure>[] = [];
  #part: PartHead | null = null;
  #file: IncomingFile | null = null;

  constructor(folder: UploadFolder, boundary: string) {
    this.#folder = folder;
    this.#reader = new FormReader(boundary);
    this.#fields = new FormFields(folder.options.fieldBytes);
  }

  get received(): ReceivedForm {
    return { files: this.#files, fields: this.#fields };
  }

  async take(piece: Uint8Array): Promise<Failure | null> {
    const failure = this.#reader.feed(piece);
    for (const step of this.#reader.taken()) {
      // oxlint-disable-next-line no-await-in-loop -- the parts of a form come one after the other
      const failed = await this.#carryOut(step);
      if (failed !== null) return failed;
    }
    return failure;
  }

  async end(): Promise<Failure | null> {
    const failure = this.#reader.end();
    if (failure !== null) return failure;
    while (this.#sealing.length > 0) {
      // oxlint-disable-next-line no-await-in-loop -- all of them are under way
      const failed = await this.#sealed();
      if (failed !== null) return failed;
    }
    const isEmpty = this.#files.length === 0 && this.#fields.isEmpty;
    return isEmpty ? new Failure("formEmpty") : null;
  }

  /** Drops all files, those that are being flushed as well. */
  async drop(): Promise<void> {
    await Promise.allSettled(this.#sealing);
    await Promise.all(this.#begun.map((file) => file.drop()));
  }

  #carryOut(step: FormStep): Promise<Failure | null> | Failure | null {
    if (step === "end") return this.#partEnded();
    if (step instanceof Uint8Array) return this.#content(step);
    this.#part = step;
    return step.filename === null ? this.#fields.begin(step.name) : null;
  }

  async #content(bytes: Uint8Array): Promise<Failure | null> {
    if (this.#part!.filename === null) return this.#fields.add(bytes);
    if (this.#file === null) {
      const failure = await this.#begin();
      if (failure !== null) return failure;
    }
    return this.#file!.write(bytes);
  }

  async #begin(): Promise<Failure | null> {
    const { name, filename, contentType } = this.#part!;
    const facts = { name: mendedName(filename!), declared: contentType, bytes: null, field: name };
    const file = await IncomingFile.begin(this.#folder.rules, facts);
    if (file instanceof Failure) return file;
    this.#file = file;
    this.#begun.push(file);
    return null;
  }

  async #partEnded(): Promise<Failure | null> {
    const { filename } = this.#part!;
    if (filename === null) {
      this.#fields.end();
      return null;
    }
    // A file field of a browser's form that nobody chose a file for: no name, no content.
    if (filename === "" && this.#file === null) return null;
    const failure = this.#file === null ? await this.#begin() : null;
    if (failure !== null) return failure;
    this.#sealing.push(this.#file!.end());
    this.#sealing.at(-1)!.catch(() => undefined);
    this.#file = null;
    return this.#sealing.length < SEALING_MAX ? null : this.#sealed();
  }

  /** Waits for the file that was sealed first. */
  async #sealed(): Promise<Failure | null> {
    const file = await this.#sealing.shift()!;
    if (file instanceof Failure) return file;
    this.#files.push(file);
    return null;
  }
}

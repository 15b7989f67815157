// A file on its way out, hashed as it is read, so that nothing is read twice. It has the length
// that it had when it was opened. The last piece is given only if the file is still what it was
// then: an upload of something that nobody ever had ends unfinished, and no server keeps it.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { ClientFailure, errorInWords } from "./failure.ts";
import type { OutgoingBody } from "./outgoing.ts";

const BLOCK_BYTES = 256 * 1024;

export class OutgoingFile implements OutgoingBody {
  readonly bytes: number;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #mtimeNs: bigint;
  readonly #hash = createHash("sha256");
  // Two in turn: the one before may still be on its way. Made when the first is filled, since a
  // form has all its files open.
  #blocks: readonly [Buffer, Buffer] | null = null;
  #turn = 0;
  #at = 0;
  #closed = false;
  #sha256: string | null = null;

  private constructor(path: string, file: FileHandle, bytes: number, mtimeNs: bigint) {
    this.#path = path;
    this.#file = file;
    this.bytes = bytes;
    this.#mtimeNs = mtimeNs;
  }

  static async open(path: string): Promise<OutgoingFile | ClientFailure> {
    let file: FileHandle | null = null;
    try {
      // A named pipe without a writer would hold the opening up, for ever.
      file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const { size, mtimeNs } = await fileStat(file);
      return new OutgoingFile(path, file, size, mtimeNs);
    } catch (error) {
      await file?.close();
      return unreadable(path, error);
    }
  }

  /** In hexadecimal, once all has been read. */
  get sha256(): string {
    if (this.#at < this.bytes) throw new Error("not all of the file has been read");
    return (this.#sha256 ??= this.#hash.digest("hex"));
  }

  async next(): Promise<Uint8Array | null | ClientFailure> {
    if (this.#at === this.bytes) return null;
    this.#blocks ??= blocksFor(this.bytes);
    const block = this.#blocks[this.#turn]!;
    this.#turn = 1 - this.#turn;
    const wanted = Math.min(block.length, this.bytes - this.#at);
    try {
      const read = await fill(this.#file, block, wanted, this.#at);
      if (read < wanted) return this.#changed();
      const isLast = this.#at + wanted === this.bytes;
      if (isLast && !(await this.#isAsOpened())) return this.#changed();
    } catch (error) {
      return unreadable(this.#path, error);
    }
    const piece = block.subarray(0, wanted);
    this.#hash.update(piece);
    this.#at += wanted;
    return piece;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#blocks = null;
    await this.#file.close().catch(() => undefined); // nothing was written to it
  }

  async #isAsOpened(): Promise<boolean> {
    const { size, mtimeNs } = await fileStat(this.#file);
    return size === this.bytes && mtimeNs === this.#mtimeNs;
  }

  #changed(): ClientFailure {
    const message = `${this.#path} was changed while it was read; nothing of it was kept`;
    return new ClientFailure("fileChanged", message);
  }
}

function blocksFor(bytes: number): readonly [Buffer, Buffer] {
  const blockBytes = Math.min(BLOCK_BYTES, bytes);
  return [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)];
}

/** Reads a whole file, for its SHA-256 in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string | ClientFailure> {
  const file = await OutgoingFile.open(path);
  if (file instanceof ClientFailure) return file;
  try {
    for (;;) {
      const piece = await file.next();
      if (piece instanceof ClientFailure) return piece;
      if (piece === null) return file.sha256;
    }
  } finally {
    await file.close();
  }
}

/** `wanted` bytes from `at`, or fewer at the file's end: a read may give less than is there. */
async function fill(file: FileHandle, into: Buffer, wanted: number, at: number): Promise<number> {
  let filled = 0;
  while (filled < wanted) {
    const { bytesRead } = await file.read(into, filled, wanted - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

async function fileStat(file: FileHandle): Promise<{ size: number; mtimeNs: bigint }> {
  const found = await file.stat({ bigint: true });
  if (!found.isFile()) throw new Error("it is not a file");
  return { size: Number(found.size), mtimeNs: found.mtimeNs };
}

function unreadable(path: string, error: unknown): ClientFailure {
  return new ClientFailure("fileUnreadable", `can't read ${path}: ${errorInWords(error as Error)}`);
}

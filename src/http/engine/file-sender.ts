// A slice of an open file on its way out, by one of three ways:
//
//   bytes   a small slice that is in memory goes with its head
//   bursts  to the end of the next stretch (0.1 to 0.2 ms of the loop's time), straight from the
//           page cache to the socket, where the transport can; what is not in memory is read
//           first, in the thread pool: no burst makes the loop wait for a disk
//   blocks  read in the thread pool, written, and waited for
//
// A file may change meanwhile. One that became shorter ends the connection; one that was written
// over is cut before its last burst or block. By bursts the kernel sends the file's own pages: what
// is written over them behind the last look, before the client has read, goes out.
import { readSlice, STRETCH_BYTES, type OpenFile } from "../../storage/index.ts";
import { COLD, readAtHand } from "../../transport/index.ts";
import type { FileSlice } from "../exchange/index.ts";
import type { Output } from "./output.ts";
import type { Written } from "./written.ts";

/** What became of a piece: null where it is on its way, else how it ended. */
type Step = Exclude<Written, "whole"> | null;

// Who looked the file up in this very turn has just asked: it costs 2 µs.
const CONFIRMED_MS = 1;
const BLOCK_BYTES = 64 * 1024;
const BLOCKS_KEPT_MAX = 64;

export class FileSender {
  readonly #output: Output;
  readonly #slice: FileSlice;
  readonly #count: (bytes: number) => void;
  #done = 0;

  /** `count` is told of bytes on their way. The slice's file is not released. */
  constructor(output: Output, slice: FileSlice, count: (bytes: number) => void) {
    this.#output = output;
    this.#slice = slice;
    this.#count = count;
  }

  /** A promise where it has to be waited for. Throws or rejects where the file can't be read. */
  send(): Written | Promise<Written> {
    if (this.#pushAtHand()) return "whole";
    const first = this.#step();
    if (first === null && this.#left === 0) return "whole"; // 1 MB at once: no promise, 3 µs less
    return first === null || first instanceof Promise ? this.#rest(first) : first;
  }

  /** A small slice goes with its head, if it is in memory and what it was. */
  #pushAtHand(): boolean {
    const { file, offset, length } = this.#slice;
    if (file.bytes !== null) return false;
    const bytes = readAtHand(file.fd, offset, length);
    if (bytes === null || isOverwritten(file, performance.now())) return false;
    this.#output.push(bytes);
    this.#add(length);
    return true;
  }

  async #rest(first: Step | Promise<Step>): Promise<Written> {
    let step = first;
    for (;;) {
      // A burst that was taken whole lets others have their turn.
      const failed = step === null ? await turnOfLoop() : await step;
      if (failed !== null) return failed;
      if (this.#left === 0) return "whole";
      if (this.#output.closed) return "cut";
      step = this.#step();
    }
  }

  #step(): Step | Promise<Step> {
    const bursts = this.#slice.file.bytes === null && this.#output.sendsFiles;
    return bursts ? this.#burst(false) : this.#block();
  }

  #burst(isRead: boolean): Step | Promise<Step> {
    const { file, offset } = this.#slice;
    const start = offset + this.#done;
    const length = Math.min(2 * STRETCH_BYTES - (start % STRETCH_BYTES), this.#left);
    const nowMs = performance.now();
    if (length === this.#left && isOverwritten(file, nowMs)) return this.#overwritten();
    let resolve: (step: Step) => void = () => undefined;
    const isWarm = isRead || file.warmth.holds(start, length, nowMs);
    const piece = { fd: file.fd, offset: start, length, isWarm };
    const bytes = this.#output.sendFile(piece, (open) => resolve(open ? null : "cut"));
    if (bytes === COLD) return this.#coldBurst(length);
    if (bytes === 0) return this.#shorter();
    if (!isWarm) file.warmth.saw(start, length, nowMs);
    this.#add(bytes);
    // What is not taken at once is told of in a later turn.
    return bytes === length ? null : new Promise((settle) => (resolve = settle));
  }

  async #coldBurst(length: number): Promise<Step> {
    if ((await this.#read(length, scratchBlock())) === 0) return this.#shorter();
    return this.#output.closed ? "cut" : this.#burst(true);
  }

  async #block(): Promise<Step> {
    const block = blocks.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    try {
      const got = await this.#read(Math.min(block.length, this.#left), block);
      if (got === 0) return this.#shorter();
      if (got === this.#left && this.#slice.file.isOverwritten()) return this.#overwritten();
      if (!(await this.#output.send(block.subarray(0, got)))) return "cut";
      this.#add(got);
      return null;
    } finally {
      if (blocks.length < BLOCKS_KEPT_MAX) blocks.push(block);
    }
  }

  #read(length: number, into: Uint8Array): Promise<number> {
    const { file, offset } = this.#slice;
    return readSlice(file, offset + this.#done, length, into);
  }

  get #left(): number {
    return this.#slice.length - this.#done;
  }

  #add(bytes: number): void {
    this.#done += bytes;
    this.#count(bytes);
  }

  /** After its length was told: the rest can't be made up. */
  #shorter(): Error {
    return new Error(`${this.#slice.file.path} became shorter while it was sent`);
  }

  #overwritten(): Error {
    return new Error(`${this.#slice.file.path} was written over while it was sent`);
  }
}

function isOverwritten(file: OpenFile, nowMs: number): boolean {
  return nowMs - file.confirmedMs >= CONFIRMED_MS && file.isOverwritten();
}

const blocks: Buffer[] = [];

function turnOfLoop(): Promise<null> {
  return new Promise((resolve) => setImmediate(resolve, null));
}

let scratch: Buffer | null = null;

/** Where bytes go that are read only to be in memory: of all files at once, as nobody looks. */
function scratchBlock(): Buffer {
  scratch ??= Buffer.allocUnsafeSlow(2 * STRETCH_BYTES);
  return scratch;
}

// An open file, and what was seen of it when it was opened: its size, validators and (when small)
// its bytes belong together, whatever happens to its name meanwhile. One that is in memory has no
// descriptor. Counted references: the cache has one, each reply under way another; the last to let
// go closes it.
import { close, type BigIntStats } from "node:fs";
import { systemFiles } from "./file-system.ts";
import { Warmth } from "./warmth.ts";

/** By what one state of a file is told from another. */
export type FileState = Pick<BigIntStats, "ino" | "dev" | "size" | "mtimeNs" | "ctimeNs">;

/** The `fd` of a file that is in memory. */
export const NO_DESCRIPTOR = -1;

export class OpenFile {
  readonly fd: number;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly mtimeNs: bigint;
  readonly inode: bigint;
  readonly dev: bigint;
  /** Type and permissions, as stat(2) has them. */
  readonly mode: number;
  /** A strong validator (RFC 9110 §8.8.3), with its quotes. */
  readonly etag: string;
  /** The date of Last-Modified, in whole seconds. */
  readonly lastModified: string;
  /** The whole file, where it is small. */
  readonly bytes: Uint8Array | null;
  /** How often its name was looked at again since, and was found to be still this. */
  looks = 0;
  /** On a file system of this machine, so that a look at a name beside it takes no waiting. */
  isLocal = false;
  /** What whoever answers with this file keeps with it; goes when the file does. */
  kept: object | null = null;
  readonly #ctimeNs: bigint;
  readonly #close: (fd: number) => void;
  /** When it was last seen to be as it was when it was opened (monotonic milliseconds). */
  confirmedMs = -Infinity;
  #references = 1;
  #warmth: Warmth | null = null;

  /**
   * Takes over `fd`, to be closed by `closeFd`; NO_DESCRIPTOR where there is none. Has one
   * reference: its maker's.
   */
  constructor(
    fd: number,
    path: string,
    stats: BigIntStats,
    bytes: Uint8Array | null,
    closeFd: (fd: number) => void = closeQuietly,
  ) {
    this.fd = fd;
    this.path = path;
    this.size = Number(stats.size);
    this.mtimeMs = Number(stats.mtimeMs);
    this.mtimeNs = stats.mtimeNs;
    this.inode = stats.ino;
    this.dev = stats.dev;
    this.mode = Number(stats.mode);
    this.etag = etagOf(stats);
    this.lastModified = new Date(Math.floor(this.mtimeMs / 1000) * 1000).toUTCString();
    this.bytes = bytes;
    this.#ctimeNs = stats.ctimeNs;
    this.#close = closeFd;
  }

  /** Which of its bytes were seen in memory. Made when first asked for. */
  get warmth(): Warmth {
    this.#warmth ??= new Warmth(this.size);
    return this.#warmth;
  }

  /** Nobody but its maker holds it. */
  get isIdle(): boolean {
    return this.#references === 1;
  }

  retain(): this {
    if (this.#references === 0) throw new Error(`${this.path} is closed`);
    this.#references += 1;
    return this;
  }

  release(): void {
    if (this.#references === 0) throw new Error(`${this.path} is closed`);
    this.#references -= 1;
    if (this.#references === 0 && this.fd !== NO_DESCRIPTOR) this.#close(this.fd);
  }

  /**
   * Whether what lies behind the descriptor was written over since it was opened: what is read now
   * is not what `etag` names. A file that only grew was most likely added to, as logs are.
   */
  isOverwritten(): boolean {
    if (this.bytes !== null) return false;
    const { size, mtimeNs } = systemFiles.fstatSync(this.fd);
    return size < this.size || (Number(size) === this.size && mtimeNs !== this.mtimeNs);
  }

  /** Whether `seen` is this file as it was when it was opened. */
  isAt(seen: FileState): boolean {
    const { inode: ino, dev, mtimeNs } = this;
    return isSame({ ino, dev, size: BigInt(this.size), mtimeNs, ctimeNs: this.#ctimeNs }, seen);
  }
}

/** A folder: what it holds is not looked at. */
export class FolderEntry {
  readonly path: string;
  readonly mtimeMs: number;

  constructor(path: string, mtimeMs: number) {
    this.path = path;
    this.mtimeMs = mtimeMs;
  }
}

/** The strong validator of a file in this state, with its quotes. */
export function etagOf({ mtimeNs, ino, size }: Omit<FileState, "dev" | "ctimeNs">): string {
  return `"${[mtimeNs, ino, size].map((n) => n.toString(36)).join("-")}"`;
}

/** One file in one state. A modification time can be set back; the change time tells of it. */
export function isSame(a: FileState, b: FileState): boolean {
  return (
    a.ino === b.ino &&
    a.dev === b.dev &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs
  );
}

/**
 * Reads up to `length` bytes of `file` from `offset` into the front of `buffer`. Returns how many;
 * 0 means that the file became shorter.
 */
export async function readSlice(
  file: OpenFile,
  offset: number,
  length: number,
  buffer: Uint8Array,
): Promise<number> {
  if (file.bytes === null) return systemFiles.read(file.fd, buffer, 0, length, offset);
  const piece = file.bytes.subarray(offset, offset + length);
  buffer.set(piece);
  return piece.length;
}

// A descriptor that was only read has nothing to lose when its close fails.
function closeQuietly(fd: number): void {
  close(fd, () => undefined);
}

// An open file, and what was seen of it when it was opened: its size, validators and (when small) its
// bytes belong together, whatever happens to its name meanwhile. Counted references: the cache has
// one, each reply under way another; the last to let go closes the descriptor.
import { close, type BigIntStats } from "node:fs";

export class OpenFile {
  /** -1 where `bytes` hold it all: nothing more is to be read. */
  readonly fd: number;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly mtimeNs: bigint;
  readonly inode: bigint;
  readonly dev: bigint;
  /** A strong validator (RFC 9110 §8.8.3), with its quotes. */
  readonly etag: string;
  /** The date of Last-Modified, in whole seconds. */
  readonly lastModified: string;
  /** The whole file, where it is small. */
  readonly bytes: Uint8Array | null;
  readonly #onClose: () => void;
  #references = 1;

  /** Takes over `fd`, and has one reference: its maker's. */
  constructor(
    fd: number,
    path: string,
    stats: BigIntStats,
    bytes: Uint8Array | null,
    onClose: () => void = () => undefined,
  ) {
    this.fd = fd;
    this.path = path;
    this.size = Number(stats.size);
    this.mtimeMs = Number(stats.mtimeMs);
    this.mtimeNs = stats.mtimeNs;
    this.inode = stats.ino;
    this.dev = stats.dev;
    this.etag = `"${[stats.mtimeNs, stats.ino, stats.size].map((n) => n.toString(36)).join("-")}"`;
    this.lastModified = new Date(Math.floor(this.mtimeMs / 1000) * 1000).toUTCString();
    this.bytes = bytes;
    this.#onClose = onClose;
  }

  retain(): this {
    if (this.#references === 0) throw new Error(`${this.path} is closed`);
    this.#references += 1;
    return this;
  }

  release(): void {
    if (this.#references === 0) throw new Error(`${this.path} is closed`);
    this.#references -= 1;
    if (this.#references > 0) return;
    this.#onClose();
    // A descriptor that was only read has nothing to lose when its close fails.
    if (this.fd >= 0) close(this.fd, () => undefined);
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

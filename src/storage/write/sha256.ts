// SHA-256 of what comes piece by piece. A big piece is hashed in the thread pool, where it lies:
// with blocks of 256 KiB the loop is busy for 0.06 to 0.10 ms a MB instead of 0.65 (with the
// processor's SHA instructions) or 2.6 (without), for up to a quarter more of CPU in all. Below
// 64 KiB the way there costs more than the work. See
// docs/decisions/0030-big-pieces-are-hashed-in-the-thread-pool.md.
import { createHash, type Hash } from "node:crypto";
import { nativeSha256, type NativeSha256 } from "../native.ts";

const POOL_BYTES_MIN = 64 * 1024;

export interface Sha256 {
  /** Pieces count in the order of the calls. A promise: `piece` is needed until it resolves. */
  update(piece: Uint8Array): Promise<void> | null;
  /** Once, when no update is under way. */
  digest(): Uint8Array;
  /** In place of `digest`, when no update is under way. */
  drop(): void;
}

export function sha256(): Sha256 {
  const calls = nativeSha256();
  return calls === null ? new PlainSha256() : new PooledSha256(calls);
}

class PooledSha256 implements Sha256 {
  readonly #calls: NativeSha256;
  readonly #context: unknown;
  #last: Promise<void> | null = null;

  constructor(calls: NativeSha256) {
    this.#calls = calls;
    this.#context = calls.create();
  }

  update(piece: Uint8Array): Promise<void> | null {
    if (this.#last === null && piece.length < POOL_BYTES_MIN) {
      this.#calls.update(this.#context, piece);
      return null;
    }
    const next = this.#behind(this.#last, piece).finally(() => {
      if (this.#last === next) this.#last = null;
    });
    this.#last = next;
    return next;
  }

  digest(): Uint8Array {
    return this.#calls.finish(this.#context);
  }

  drop(): void {
    this.#calls.free(this.#context);
  }

  async #behind(last: Promise<void> | null, piece: Uint8Array): Promise<void> {
    await last;
    await this.#calls.updateInPool(this.#context, piece);
  }
}

class PlainSha256 implements Sha256 {
  readonly #hash: Hash = createHash("sha256");

  update(piece: Uint8Array): null {
    this.#hash.update(piece);
    return null;
  }

  digest(): Uint8Array {
    return this.#hash.digest();
  }

  drop(): void {
    // Nothing that the collector doesn't know of.
  }
}

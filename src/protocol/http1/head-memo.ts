// Heads that come again and again, byte for byte: a client on a kept connection, a probe, many
// clients of one kind asking for one page. What was decided on such bytes is decided, since it
// follows from the bytes and the limits alone; so only their equality is looked at.
//
//   slot = hash(bytes) % slots:   seen once → its hash is noted   seen again → its head is kept
//
// A head that comes once costs its hash and no more. Found heads cost 0.1 µs, scanned ones 1 to 2.
import type { Http1Head } from "./request-head.ts";

const SLOTS = 512;
/** Longer heads are scanned each time. With SLOTS it bounds what is kept: 512 KiB of bytes. */
const HEAD_BYTES_MAX = 1024;
/** The hash looks at all bytes of the start, where heads differ mostly, then at some. */
const START_BYTES = 48;
const STRIDE = 7;

/** How often a head that is kept may be missed by one of its own hash before it is replaced. */
const MISSES_MAX = 16;

interface Kept {
  readonly hash: number;
  readonly bytes: Buffer;
  readonly head: Http1Head;
  /** Since it was found last. */
  misses: number;
}

/** What parsers of equal limits share. */
export class HeadMemo {
  readonly #hashes = new Int32Array(SLOTS);
  readonly #kept: (Kept | null)[] = Array.from({ length: SLOTS }, () => null);

  /** Found last: under load most heads are the one before, and need no hash (0.07 µs). */
  #last: Kept | null = null;
  #missed = 0;

  /** The head that is all of `input`, if it was kept. */
  find(input: Uint8Array): Http1Head | null {
    if (input.length > HEAD_BYTES_MAX) return null;
    let kept = this.#last;
    if (kept === null || !isOf(kept, input)) {
      const hash = hashOf(input);
      this.#missed = hash;
      kept = this.#kept[hash & (SLOTS - 1)]!;
      if (kept === null || kept.hash !== hash || !isOf(kept, input)) return null;
      this.#last = kept;
    }
    kept.misses = 0;
    return kept.head;
  }

  /** Notes that `head`, without a body, is all of `input`, which `find` was just asked for. */
  note(input: Uint8Array, head: Http1Head): void {
    if (input.length > HEAD_BYTES_MAX) return;
    const hash = this.#missed;
    const slot = hash & (SLOTS - 1);
    if (this.#hashes[slot] !== hash) {
      this.#hashes[slot] = hash;
      return;
    }
    // Heads that differ where the hash does not look would push each other out all the time.
    const kept = this.#kept[slot]!;
    if (kept !== null && kept.hash === hash && ++kept.misses < MISSES_MAX) return;
    const bytes = Buffer.allocUnsafeSlow(input.length);
    bytes.set(input);
    this.#kept[slot] = { hash, bytes, head, misses: 0 };
  }
}

function isOf({ bytes }: Kept, input: Uint8Array): boolean {
  return bytes.length === input.length && bytes.equals(input);
}

function hashOf(input: Uint8Array): number {
  const { length } = input;
  let hash = length;
  let at = 0;
  for (const end = Math.min(length, START_BYTES); at < end; at += 1) {
    hash = (Math.imul(hash, 31) + input[at]!) | 0;
  }
  for (; at < length; at += STRIDE) hash = (Math.imul(hash, 31) + input[at]!) | 0;
  return hash ^ (hash >>> 15);
}

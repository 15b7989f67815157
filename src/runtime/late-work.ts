// What goes on behind answers. Nobody is told of its end, but a stop waits for it.

/** So much is waited for; what comes beyond goes on, too, as long as its thread lives. */
const WORKS_MAX = 10_000;

export class LateWork {
  readonly #works = new Set<Promise<unknown>>();
  #whenSettled: (() => void) | null = null;

  /** How much is waited for. */
  get size(): number {
    return this.#works.size;
  }

  /** Takes `work`, which is its giver's to see to where it fails. */
  add(work: Promise<unknown>): void {
    if (this.#works.size >= WORKS_MAX) return;
    this.#works.add(work);
    const settle = (): void => {
      this.#works.delete(work);
      if (this.#works.size === 0) this.#whenSettled?.();
    };
    work.then(settle, settle);
  }

  /** Resolves when nothing is left, or somebody gives it up. */
  async settled(): Promise<void> {
    if (this.#works.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenSettled = resolve;
    });
  }

  /** Nobody waits any longer. */
  giveUp(): void {
    this.#works.clear();
    this.#whenSettled?.();
  }
}

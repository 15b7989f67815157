/** One change at a time: a reload, a replaced worker, the end. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `change` when those before it are done, however they went. */
  take<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(change);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

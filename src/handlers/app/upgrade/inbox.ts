// Messages that wait for whoever asks for them one by one (`for await`).

type Next<Message> = IteratorResult<Message, undefined>;

/** Whose inbox it is. */
interface InboxOwner<Message> {
  /** A message that costs `cost` is with whoever asked for it. */
  onTaken(cost: number): void;
  /** Nobody will ask for more. */
  onLeft(inbox: Inbox<Message>): void;
}

export class Inbox<Message> implements AsyncIterableIterator<Message, undefined> {
  readonly #owner: InboxOwner<Message>;
  readonly #waiting: { readonly message: Message; readonly cost: number }[] = [];
  readonly #asking: ((next: Next<Message>) => void)[] = [];
  #ended = false;

  constructor(owner: InboxOwner<Message>) {
    this.#owner = owner;
  }

  put(message: Message, cost: number): void {
    const resolve = this.#asking.shift();
    if (resolve === undefined) this.#waiting.push({ message, cost });
    else {
      this.#owner.onTaken(cost);
      resolve({ done: false, value: message });
    }
  }

  /** No more will come; what waits can still be taken. */
  end(): void {
    this.#ended = true;
    for (const resolve of this.#asking.splice(0)) resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Next<Message>> {
    const first = this.#waiting.shift();
    if (first !== undefined) {
      this.#owner.onTaken(first.cost);
      return { done: false, value: first.message };
    }
    if (this.#ended) return { done: true, value: undefined };
    return new Promise((resolve) => void this.#asking.push(resolve));
  }

  async return(): Promise<Next<Message>> {
    this.#owner.onLeft(this);
    for (const { cost } of this.#waiting.splice(0)) this.#owner.onTaken(cost);
    this.end();
    return { done: true, value: undefined };
  }
}

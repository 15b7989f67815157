// Who listens to a web socket: as on an EventTarget, but what a listener returns or throws is told
// to whoever dispatches. With Node's EventTarget an error of one listener ends the whole thread.

type Listener<Event> = (event: Event) => unknown;
type AnyListener<Event> = Listener<Event> | { handleEvent(event: Event): unknown };

interface Entry<Event> {
  readonly type: string;
  readonly listener: AnyListener<Event>;
  readonly once: boolean;
}

export interface ListenerOptions {
  readonly once?: boolean;
  readonly signal?: AbortSignal;
}

export class Listeners<Events extends object> {
  /** `onmessage` and the like. */
  readonly on: { [Type in keyof Events]?: Listener<Events[Type]> | null } = {};
  #entries: readonly Entry<never>[] = [];

  add<Type extends keyof Events & string>(
    type: Type,
    listener: AnyListener<Events[Type]>,
    { once = false, signal }: ListenerOptions = {},
  ): void {
    if (signal?.aborted === true || this.#find(type, listener) !== undefined) return;
    this.#entries = [...this.#entries, { type, listener, once }];
    signal?.addEventListener("abort", () => this.remove(type, listener), { once: true });
  }

  remove<Type extends keyof Events & string>(
    type: Type,
    listener: AnyListener<Events[Type]>,
  ): void {
    const found = this.#find(type, listener);
    this.#entries = this.#entries.filter((entry) => entry !== found);
  }

  /** Tells all who listen; and of each promise that is returned, and what is thrown. */
  dispatch<Type extends keyof Events & string>(
    type: Type,
    event: Events[Type],
    onPromise: (promise: Promise<unknown>) => void,
    onError: (error: unknown) => void,
  ): void {
    const tell = (listener: AnyListener<Events[Type]>): void => {
      try {
        const result: unknown =
          typeof listener === "function" ? listener(event) : listener.handleEvent(event);
        if (result instanceof Promise) onPromise(result);
      } catch (error) {
        onError(error);
      }
    };
    const { [type]: own } = this.on;
    if (typeof own === "function") tell(own);
    for (const entry of this.#entries) {
      if (entry.type !== type) continue;
      if (entry.once) this.#entries = this.#entries.filter((one) => one !== entry);
      tell(entry.listener as AnyListener<Events[Type]>);
    }
  }

  #find(type: string, listener: unknown): Entry<never> | undefined {
    return this.#entries.find((entry) => entry.type === type && entry.listener === listener);
  }
}

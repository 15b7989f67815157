// A handler that wants to know whether its client is gone, and when what is to happen has happened.
import { Reply, type Exchange, type Handler } from "../http/exchange/index.ts";

/** Lets the loop turn so often. */
export async function turns(count: number): Promise<void> {
  for (let turned = 0; turned < count; turned += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one behind the other
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function until(isSo: () => boolean): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- one behind the other
  while (!isSo()) await turns(1);
}

/** Answers `/quick` at once. All else is watched (but `/unwatched`), and answered when told. */
export class Watcher {
  /** How often it was told that a client is gone. */
  gone = 0;
  readonly asked: Exchange[] = [];
  #answer: (reply: Reply) => void = () => undefined;

  readonly handler: Handler = (exchange) => {
    if (exchange.path === "/quick") return new Reply(200, [], Buffer.from("quick"));
    this.asked.push(exchange);
    if (exchange.path !== "/unwatched") this.watch(exchange);
    return new Promise((resolve) => (this.#answer = resolve));
  };

  /** Asks to be told of the client of `exchange`: the last one's. */
  watch(exchange = this.asked.at(-1)!): void {
    exchange.onGone(() => (this.gone += 1));
  }

  /** Answers the last request. */
  answer(reply: Reply): void {
    this.#answer(reply);
  }

  async underWay(requests = 1): Promise<void> {
    await until(() => this.asked.length === requests);
  }
}

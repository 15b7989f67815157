// A handler that wants to know whether its client is gone.
import { Reply, type Exchange, type Handler } from "../http/exchange/index.ts";
import { until } from "./until.ts";

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

// A Response whose body goes past the Web's streams to the engine: events that are pushed, a
// connection that is taken over. For whoever reads it, it is a Response all the same.
import { Reply, type PushStream, type Takeover } from "../../../http/exchange/index.ts";

/** What an app returns where its answer is more than bytes; `reply` is what the engine writes. */
export class DirectResponse extends Response {
  readonly #direct: PushStream | Takeover;

  constructor(
    status: number,
    direct: PushStream | Takeover,
    headers: Readonly<Record<string, string>>,
  ) {
    super(null, { headers });
    this.#direct = direct;
    // A Response of the Web's can't be made with 101.
    if (status !== 200) Object.defineProperty(this, "status", { value: status });
  }

  /** With the headers that it has by now: those that the app added, too. */
  reply(): Reply {
    return new Reply(this.status, [...this.headers], this.#direct);
  }
}

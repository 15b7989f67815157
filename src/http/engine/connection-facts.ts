import type { StreamSocket } from "../../transport/index.ts";
import type { ConnectionFacts } from "../exchange/index.ts";

/** What handlers may know of a connection. */
export class Facts implements ConnectionFacts {
  readonly secure: boolean;
  readonly #socket: StreamSocket;

  constructor(socket: StreamSocket, secure: boolean) {
    this.#socket = socket;
    this.secure = secure;
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number {
    return this.#socket.remotePort;
  }

  get localAddress(): string {
    return this.#socket.localAddress;
  }

  get localPort(): number {
    return this.#socket.localPort;
  }

  get unix(): boolean {
    return this.#socket.unix;
  }
}

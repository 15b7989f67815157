// From a request to a web socket, and the answer that opens it.
import { Failure } from "../../../base/failure.ts";
import { Takeover, type Exchange } from "../../../http/exchange/index.ts";
import { Refused } from "../../../http/refused.ts";
import { DirectResponse } from "../direct/index.ts";
import { Conversation } from "./conversation.ts";
import { acceptOf, handshakeOf } from "./handshake.ts";
import { ServerWebSocket } from "./server-web-socket.ts";

/** What a message has at most, where nobody says more. */
export const MESSAGE_BYTES = 1024 * 1024;
const BUFFERED_BYTES = 4 * 1024 * 1024;
const PING_MS = 30_000;

export interface UpgradeOptions {
  /** What the app speaks, what it likes most first; the first that the client offers is taken. */
  readonly protocols?: readonly string[];
  /** Whose pages may open one, beside those of this host: "https://example.org". "*" is any. */
  readonly origins?: readonly string[];
  /** A message that has more ends the socket with 1009; 1 MiB. */
  readonly messageBytes?: number;
  /** What may wait for a client that does not read; 4 MiB. */
  readonly bufferedBytes?: number;
  /** Milliseconds between pings, of which each is to be answered before the next; 30 s. */
  readonly pingInterval?: number;
  /** Aborted when sockets are to end: clients are told 1001, and come again. */
  readonly signal?: AbortSignal;
}

/** Thrown where a request can't become a web socket: 426, 400 or 403, if nobody catches it. */
export class UpgradeRefused extends Refused {}

/** The answer that opens a web socket. */
export class UpgradeResponse extends DirectResponse {
  readonly #takeover: Takeover;

  constructor(takeover: Takeover, headers: Readonly<Record<string, string>>) {
    super(101, takeover, headers);
    this.#takeover = takeover;
  }

  /** It is not going to be sent. Does nothing once it was. */
  abandon(): void {
    this.#takeover.refused();
  }
}

/**
 * A web socket for `exchange`, which opens when `response` is answered. Throws `UpgradeRefused`
 * where the client asked for none, or may not. `onError` is told what listeners throw.
 */
export function upgradeOf(
  exchange: Exchange,
  options: UpgradeOptions,
  onError: (error: unknown) => void,
): { socket: ServerWebSocket; response: UpgradeResponse } {
  const handshake = handshakeOf(exchange, options.origins ?? []);
  if (handshake instanceof Failure) throw new UpgradeRefused(handshake);
  const conversation = new Conversation({
    messageBytes: options.messageBytes ?? MESSAGE_BYTES,
    bufferedBytes: options.bufferedBytes ?? BUFFERED_BYTES,
    pingInterval: options.pingInterval ?? PING_MS,
    signal: options.signal,
    onError,
  });
  const protocol = options.protocols?.find((one) => handshake.offered.includes(one)) ?? "";
  const socket = new ServerWebSocket(conversation, protocol);
  const takeover = new Takeover(
    (tunnel) => conversation.start(tunnel),
    () => conversation.refuse(),
  );
  const response = new UpgradeResponse(takeover, {
    Upgrade: "websocket",
    "Sec-WebSocket-Accept": acceptOf(handshake.key),
    ...(protocol === "" ? {} : { "Sec-WebSocket-Protocol": protocol }),
  });
  return { socket, response };
}

// A server that says what a test wants, byte for byte, hostile bytes too: what clients are tested
// against. Requests are read by the project's parser, so a client's mistake in framing is seen.
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import type { Failure } from "../base/failure.ts";
import { RequestParser, type Fields, type Http1Head } from "../protocol/index.ts";

export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly fields: Fields;
  readonly body: Buffer;
  /** Which connection it came on, from 0. */
  readonly connection: number;
}

export interface AnsweringOptions {
  /** Bytes (latin1) that answer a whole request; null ends the connection without an answer. */
  readonly answer: (asked: Asked) => string | Promise<string | null> | null;
  /** Bytes that answer a head, with nothing read of its body from there on; null: go on. */
  readonly early?: (head: Http1Head) => string | null;
  /** Says `100 Continue` to who waits for it. */
  readonly continues?: boolean;
  readonly tls?: TlsOptions;
}

export interface AnsweringServer {
  readonly origin: string;
  readonly asked: Asked[];
  /** How many connections there were so far. */
  readonly connections: () => number;
}

const LIMITS = { headerBytes: 65_536, targetBytes: 8192 };

export async function withAnswers(
  options: AnsweringOptions,
  use: (server: AnsweringServer) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const sockets: Socket[] = [];
  const complaints: string[] = [];
  const accept = (socket: Socket): void => {
    const connection = sockets.push(socket) - 1;
    socket.on("error", () => undefined); // the client may leave at any time
    answerOn(socket, { ...options, connection, asked, complaints });
  };
  const { tls } = options;
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const scheme = tls === undefined ? "http" : "https";
  try {
    const origin = `${scheme}://127.0.0.1:${port}`;
    await use({ origin, asked, connections: () => sockets.length });
    if (complaints.length > 0) throw new Error(`the client sent: ${complaints.join(", ")}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

interface OnConnection extends AnsweringOptions {
  readonly connection: number;
  readonly asked: Asked[];
  readonly complaints: string[];
}

function answerOn(socket: Socket, on: OnConnection): void {
  let head: Http1Head | null = null;
  let pieces: Buffer[] = [];
  const parser = new RequestParser(LIMITS, {
    onHead: (next) => {
      head = next;
      pieces = [];
      const early = on.early?.(next) ?? null;
      if (early !== null) {
        socket.pause();
        socket.write(early, "latin1");
      } else if (on.continues !== false && next.fields.has("expect")) {
        socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      }
    },
    onContent: (bytes) => pieces.push(Buffer.from(bytes)),
    onEnd: () => void reply(head!, Buffer.concat(pieces)),
    onViolation: (failure: Failure) => {
      on.complaints.push(failure.code);
      socket.destroy();
    },
  });
  const reply = async ({ method, target, fields }: Http1Head, body: Buffer): Promise<void> => {
    const asked = { method, target, fields, body, connection: on.connection };
    on.asked.push(asked);
    const bytes = await on.answer(asked);
    if (bytes === null) socket.destroy();
    else if (/^connection: close\r$/im.test(bytes)) socket.end(bytes, "latin1");
    else socket.write(bytes, "latin1");
  };
  socket.on("data", (bytes: Buffer) => {
    for (let at = 0; at < bytes.length && !socket.isPaused();) {
      at += parser.feed(bytes.subarray(at));
    }
  });
}

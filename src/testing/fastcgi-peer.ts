// A FastCGI program as a test wants it: it keeps to the protocol, or breaks it wherever the test
// says. It writes down what it was sent.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import {
  encodeEndRequest,
  encodeGetValuesResult,
  encodeStream,
  FASTCGI_TYPES,
  FastCgiRequestDecoder,
  type FastCgiRequestSink,
} from "../protocol/index.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

/** What a peer does with a request that has come whole. */
export type PeerAnswer = (request: PeerRequest) => void;

export class PeerRequest {
  readonly params: ReadonlyMap<string, string>;
  /** Of its connection. */
  readonly keeps: boolean;
  /** How many connections there were when its own began, that one counted. */
  readonly connection: number;
  readonly socket: Socket;
  readonly id: number;
  /** STDIN, a character a byte. */
  input = "";
  isAborted = false;
  readonly #onEnd: () => void;

  constructor(
    socket: Socket,
    facts: Pick<PeerRequest, "id" | "keeps" | "connection" | "params">,
    onEnd: () => void,
  ) {
    this.socket = socket;
    this.#onEnd = onEnd;
    this.id = facts.id;
    this.keeps = facts.keeps;
    this.connection = facts.connection;
    this.params = facts.params;
  }

  /** Writes to STDOUT. */
  out(text: string | Uint8Array): void {
    this.raw(encodeStream(FASTCGI_TYPES.stdout, this.id, Buffer.from(text)));
  }

  /** Writes to STDERR. */
  err(text: string): void {
    this.raw(encodeStream(FASTCGI_TYPES.stderr, this.id, Buffer.from(text)));
  }

  /** Ends the request, and the connection where it is not to be kept. */
  end(protocolStatus = 0): void {
    this.ended();
    this.raw(encodeEndRequest(this.id, 0, protocolStatus));
    if (!this.keeps) this.socket.end();
  }

  /** It counts as ended, whatever was written: another may come on its connection. */
  ended(): void {
    this.#onEnd();
  }

  /** A plain answer. */
  answer(body: string, head = "Content-Type: text/plain"): void {
    this.out(`${head}\r\n\r\n${body}`);
    this.end();
  }

  raw(bytes: Uint8Array | string): void {
    this.socket.write(bytes);
  }
}

export class FastCgiPeer {
  /** What it listens on. */
  readonly path: string;
  readonly requests: PeerRequest[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  aborts = 0;
  /** Times it was asked for its limits. */
  asked = 0;
  readonly #answer: PeerAnswer;
  #tell: () => void = () => undefined;

  constructor(path: string, answer: PeerAnswer) {
    this.path = path;
    this.#answer = answer;
  }

  /** Resolves when `holds` does, which is looked at whenever something has happened here. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#tell = () => {
        if (holds()) resolve();
      };
      this.#tell();
    });
  }

  accept(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    const connection = this.connections;
    const decoder: FastCgiRequestDecoder = new FastCgiRequestDecoder(
      this.#sinkFor(socket, connection, (id) => decoder.close(id)),
    );
    socket.on("data", (bytes: Buffer) => {
      if (decoder.feed(bytes) !== null) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.#tell();
    });
    this.#tell();
  }

  #sinkFor(socket: Socket, connection: number, onEnd: (id: number) => void): FastCgiRequestSink {
    let keeps = false;
    let request: PeerRequest | null = null;
    return {
      onBegin: (start) => {
        keeps = start.keepConnection;
      },
      onParams: (id, params) => {
        const facts = { id, keeps, connection, params: new Map(params) };
        request = new PeerRequest(socket, facts, () => onEnd(id));
        this.requests.push(request);
      },
      onInput: (_id, bytes) => {
        request!.input += Buffer.from(bytes).toString("latin1");
      },
      onInputEnd: () => {
        this.#answer(request!);
        this.#tell();
      },
      onAbort: () => {
        this.aborts += 1;
        if (request !== null) request.isAborted = true;
        this.#tell();
      },
      onTooMany: () => socket.destroy(),
      onGetValues: (names) => {
        this.asked += 1;
        socket.write(encodeGetValuesResult(names.map((name) => [name, "0"] as const)));
        this.#tell();
      },
      onUnknownType: () => undefined,
    };
  }
}

/** Runs `use` with a program that listens, and answers by `answer`. */
export function withFastCgiPeer<T>(
  answer: PeerAnswer,
  use: (peer: FastCgiPeer, folder: string) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const peer = new FastCgiPeer(join(folder, "peer.sock"), answer);
    const server = createServer((socket) => peer.accept(socket)).listen(peer.path);
    await once(server, "listening");
    try {
      return await use(peer, folder);
    } finally {
      for (const socket of peer.sockets) socket.destroy();
      server.close();
    }
  });
}

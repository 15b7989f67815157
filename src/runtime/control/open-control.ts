// The server's side of the control socket. Who may connect is the file system's business: the data
// folder is 0700, so that the socket can be nobody else's, not even before its mode is set.
import { chmod, rm, stat } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "../../base/log.ts";
import { FirstLine } from "./first-line.ts";
import { parseRequest, type ControlAnswer, type ControlRequest, type Refusal } from "./messages.ts";
import { socketPlace, type SocketPlace } from "./socket-place.ts";

export const REQUEST_BYTES_MAX = 64 * 1024;
export const CLIENTS_MAX = 16;
const REQUEST_MS = 5000;
const OPEN_TO_OTHERS = 0o077;

export type ControlHandler = (request: ControlRequest) => Promise<ControlAnswer>;

export interface ControlOptions {
  /** How long a client has for its request, and then for taking the answer. */
  readonly requestMs?: number;
  /** Is told what `handle` threw. */
  readonly log?: Log;
}

export interface ControlSocket {
  /**
   * Takes no more clients and removes the socket's file: to be called before the data folder is
   * given back, else a successor's could be removed. Who asked to stop stays connected, and keeps
   * no process alive.
   */
  close(): Promise<void>;
  /** Ends the connections of those who asked to stop, as the end of the process would. */
  letGo(): void;
}

/**
 * Has `handle` answer what is asked over the control socket of `folder`, which this process has
 * claimed: a socket that lies there is stale. Returns in words why there is none.
 */
export async function openControl(
  folder: string,
  handle: ControlHandler,
  options: ControlOptions = {},
): Promise<ControlSocket | string> {
  try {
    const { mode } = await stat(folder);
    if ((mode & OPEN_TO_OTHERS) !== 0) return `the data folder ${folder} is open to other users`;
    const place = await socketPlace(folder);
    if (typeof place === "string") return place;
    return await bound(place, new Clients(handle, options));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return `the control socket in ${folder} can't be opened: ${(error as Error).message}`;
  }
}

async function bound(place: SocketPlace, clients: Clients): Promise<ControlSocket> {
  const server = createServer({ allowHalfOpen: true }, (socket) => clients.welcome(socket));
  try {
    await rm(place.address, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(place.address, resolve);
    });
    await chmod(place.address, 0o600);
  } catch (error) {
    server.close();
    await place.letGo();
    throw error;
  }
  // accept(2) fails where descriptors are short, and is tried again: a command waits that long.
  server.removeAllListeners("error").on("error", () => undefined);
  return new OpenControl(place, server, clients);
}

class OpenControl implements ControlSocket {
  readonly #place: SocketPlace;
  readonly #server: Server;
  readonly #clients: Clients;
  #closed: Promise<void> | null = null;

  constructor(place: SocketPlace, server: Server, clients: Clients) {
    this.#place = place;
    this.#server = server;
    this.#clients = clients;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  letGo(): void {
    this.#clients.letGo();
  }

  async #close(): Promise<void> {
    this.#server.close(); // unlinks by the address, so the place has to be there until then
    this.#clients.dismiss();
    await this.#place.letGo();
  }
}

/** The connections of commands, each with one request. */
class Clients {
  readonly #handle: ControlHandler;
  readonly #log: Log | null;
  readonly #requestMs: number;
  readonly #open = new Set<Socket>();
  readonly #awaitingEnd = new Set<Socket>();

  constructor(handle: ControlHandler, { requestMs = REQUEST_MS, log }: ControlOptions) {
    this.#handle = handle;
    this.#requestMs = requestMs;
    this.#log = log ?? null;
  }

  welcome(socket: Socket): void {
    socket.on("error", () => undefined); // a client that is gone: "close" follows
    if (this.#open.size >= CLIENTS_MAX) {
      socket.write(lineOf(refusal("too many commands at once: try again")));
      return socket.destroySoon();
    }
    this.#open.add(socket);
    const late = setTimeout(() => socket.destroy(), this.#requestMs);
    socket.on("close", () => {
      clearTimeout(late);
      this.#open.delete(socket);
      this.#awaitingEnd.delete(socket);
    });
    readRequest(socket, (request) => {
      clearTimeout(late);
      void this.#answer(socket, request);
    });
  }

  /** Cuts everybody but those who asked to stop. */
  dismiss(): void {
    for (const socket of this.#open) {
      if (this.#awaitingEnd.has(socket)) socket.unref();
      else socket.destroySoon();
    }
  }

  letGo(): void {
    for (const socket of this.#awaitingEnd) socket.destroySoon();
  }

  async #answer(socket: Socket, request: ControlRequest | string): Promise<void> {
    const isBad = typeof request === "string";
    const answer = isBad ? refusal(request) : await this.#ask(request);
    if (socket.destroyed) return;
    socket.write(lineOf(answer));
    if (!isBad && request.command === "stop" && answer.ok) {
      this.#awaitingEnd.add(socket);
      return;
    }
    socket.end();
    const late = setTimeout(() => socket.destroy(), this.#requestMs);
    socket.on("close", () => clearTimeout(late));
  }

  async #ask(request: ControlRequest): Promise<ControlAnswer> {
    try {
      return await this.#handle(request);
    } catch (error) {
      this.#log?.error(`control: ${request.command} failed`, error);
      const why = error instanceof Error ? error.message : String(error);
      return refusal(`the server failed at it: ${why}`);
    }
  }
}

/** Calls `onRequest` once, with the request or what is wrong with it. What follows is dropped. */
function readRequest(socket: Socket, onRequest: (request: ControlRequest | string) => void): void {
  const line = new FirstLine(REQUEST_BYTES_MAX);
  let isRead = false;
  const done = (request: ControlRequest | string): void => {
    isRead = true;
    onRequest(request);
  };
  socket.on("data", (chunk: Buffer) => {
    if (isRead) return;
    const fed = line.feed(chunk);
    if (fed === "tooLong") done(`the request is longer than ${REQUEST_BYTES_MAX} bytes`);
    else if (fed !== null) done(parseRequest(fed.text));
  });
  socket.on("end", () => {
    if (!isRead) done("the request has no end of line");
  });
}

function refusal(message: string): Refusal {
  return { ok: false, message };
}

function lineOf(answer: ControlAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

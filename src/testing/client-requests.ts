// Requests of the client as its tests make them.
import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import {
  ClientFailure,
  HttpClient,
  type ClientFailureCode,
  type ClientOptions,
} from "../client/index.ts";
import type { AnswerFrom, ClientRequest, OutgoingBody } from "../client/index.ts";

export function bodyOf(bytes: number, piece = 65_536): OutgoingBody {
  let left = bytes;
  return {
    bytes,
    next: async () => {
      if (left === 0) return null;
      const length = Math.min(piece, left);
      left -= length;
      return Buffer.alloc(length, "x");
    },
    close: async () => undefined,
  };
}

export function request(url: string, more: Partial<ClientRequest> = {}): ClientRequest {
  return { method: "GET", url: new URL(url), fields: [], ownFields: [], ...more };
}

export function put(url: string, bytes = 5, more: Partial<ClientRequest> = {}): ClientRequest {
  return request(url, { method: "PUT", openBody: async () => bodyOf(bytes), ...more });
}

export async function withClient(
  options: ClientOptions,
  use: (client: HttpClient) => Promise<void>,
): Promise<void> {
  const client = new HttpClient(options);
  try {
    await use(client);
  } finally {
    client.close();
  }
}

export function good(answer: AnswerFrom | ClientFailure): AnswerFrom {
  assert.ok(!(answer instanceof ClientFailure), (answer as ClientFailure).message);
  return answer;
}

export function failed(answer: AnswerFrom | ClientFailure, code: ClientFailureCode): ClientFailure {
  assert.ok(answer instanceof ClientFailure);
  assert.equal(answer.code, code, answer.message);
  return answer;
}

/** A server that does what it likes with a connection's socket, and its URL. */
export async function withSocket(
  onSocket: (socket: Socket) => void,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
  }
}

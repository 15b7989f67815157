// Where the server listens: what was asked for, or the default port and its neighbours.
import { isIP } from "node:net";
import { isLoopbackName } from "../http/router/index.ts";
import {
  ListenError,
  formatAddress,
  listen,
  type ListenAddress,
  type Listener,
  type StreamSocket,
} from "../transport/index.ts";

const DEFAULT_PORTS = { first: 8080, last: 8179 };

/** Whether only this machine can reach `address` by TCP; a unix socket is not for the guard. */
export function isLoopback(address: ListenAddress): boolean {
  if (address.kind === "unix") return true;
  return isLoopbackName(
    isIP(address.host) === 6 ? `[${address.host}]` : address.host.toLowerCase(),
  );
}

/** Opens all of `addresses`, or none; null: the first free port from 8080 up. */
export async function openListeners(
  addresses: readonly ListenAddress[] | null,
  onSocket: (socket: StreamSocket) => void,
): Promise<Listener[]> {
  if (addresses === null) return [await openDefault(onSocket)];
  const listeners: Listener[] = [];
  try {
    for (const address of addresses) listeners.push(await listen(address, onSocket));
  } catch (error) {
    for (const listener of listeners) void listener.close();
    throw error;
  }
  return listeners;
}

/** How the start line names a listener. */
export function urlOf(listener: Listener): string {
  const text = formatAddress(listener.address);
  return listener.address.kind === "unix" ? text : `http://${text}`;
}

async function openDefault(onSocket: (socket: StreamSocket) => void): Promise<Listener> {
  for (let port = DEFAULT_PORTS.first; port <= DEFAULT_PORTS.last; port += 1) {
    try {
      return await listen({ kind: "tcp", host: "127.0.0.1", port }, onSocket);
    } catch (error) {
      if (!(error instanceof ListenError) || error.code !== "EADDRINUSE") throw error;
    }
  }
  const { first, last } = DEFAULT_PORTS;
  const message = `127.0.0.1: all ports from ${first} to ${last} are taken. Name another with -l.`;
  throw new ListenError("EADDRINUSE", message);
}

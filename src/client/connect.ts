// Sockets to servers, by Node's own plain ways.
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { ClientFailure, errorInWords } from "./failure.ts";

export interface ConnectOptions {
  readonly connectTimeoutMs: number;
  /** Certificates to trust in place of the system's, as PEM. */
  readonly ca?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A socket that is connected, and whose certificate is good where the URL wants one. */
export function connectTo(url: URL, options: ConnectOptions): Promise<Socket | ClientFailure> {
  const { connectTimeoutMs, signal } = options;
  const failed = (why: string): ClientFailure =>
    new ClientFailure("unreachable", `can't connect to ${url.host}: ${why}`);
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(abortedFailure());
    const socket = socketTo(url, options.ca);
    const settle = (result: Socket | ClientFailure): void => {
      clearTimeout(late);
      signal?.removeEventListener("abort", onAbort);
      socket.off("error", onError);
      if (result instanceof ClientFailure) socket.on("error", () => undefined).destroy();
      resolve(result);
    };
    const onAbort = (): void => settle(abortedFailure());
    const onError = (error: Error): void => settle(failed(errorInWords(error)));
    const seconds = `${connectTimeoutMs / 1000} s`;
    const late = setTimeout(() => {
      const message = `can't connect to ${url.host}: no answer in ${seconds}`;
      settle(new ClientFailure("timedOut", message));
    }, connectTimeoutMs);
    signal?.addEventListener("abort", onAbort);
    socket.once("error", onError);
    socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => settle(socket));
  });
}

export function abortedFailure(): ClientFailure {
  return new ClientFailure("aborted", "stopped");
}

function socketTo({ protocol, hostname, port }: URL, ca: string | undefined): Socket {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol === "http:") {
    return connectTcp({ host, port: Number(port || 80), noDelay: true });
  }
  const options: ConnectionOptions = {
    host,
    port: Number(port || 443),
    ALPNProtocols: ["http/1.1"],
    // An address is no server name (RFC 6066 §3); the certificate is checked against it anyway.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
  return connectTls(options).setNoDelay(true);
}

// Where to listen or to connect, as people write it: `8080`, `127.0.0.1:8080`, `[::1]:8080`,
// `unix:/run/portico.sock`. A port alone is loopback's: nothing is open to others by accident.
import { isIPv4, isIPv6 } from "node:net";
import { resolve } from "node:path";

export type Address =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_][a-z0-9_-]{0,62}(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?$/i;

// sun_path of Linux's sockaddr_un holds 108 bytes with the final NUL (unix(7)).
const UNIX_PATH_BYTES_MAX = 107;

/** The address, or in words why there is none. Relative unix paths start at `folder`. */
export function parseAddress(text: string, folder = "."): Address | string {
  if (text.startsWith("unix:")) return unixAddress(text.slice("unix:".length), folder);
  if (/^\d+$/.test(text)) return tcpAddress("127.0.0.1", text);
  const match = /^(?:\[(?<v6>[^\]]*)\]|(?<host>[^[\]]*)):(?<port>[^:]*)$/.exec(text);
  if (match === null) return notAnAddress(text);
  const { v6, host = "", port = "" } = match.groups!;
  if (v6 !== undefined) {
    return isIPv6(v6) ? tcpAddress(v6, port) : `${JSON.stringify(v6)} is not an IPv6 address`;
  }
  if (host === "" || host === "*") {
    return `which host? "127.0.0.1:${port}" is this machine only, "0.0.0.0:${port}" is open to all`;
  }
  if (host.includes(":")) {
    return isIPv6(host) || isIPv6(text)
      ? `an IPv6 address goes in brackets: "[${isIPv6(host) ? host : text}]:${port}"`
      : notAnAddress(text);
  }
  const named = HOST_NAME.test(host) && !/^[\d.]+$/.test(host);
  if (!named && !isIPv4(host)) return `${JSON.stringify(host)} is no host name or IPv4 address`;
  return tcpAddress(host, port);
}

function tcpAddress(host: string, port: string): Address | string {
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65535) {
    return { kind: "tcp", host, port: Number(port) };
  }
  return `${JSON.stringify(port)} is not a port; ports go from 0 (any) to 65535`;
}

function unixAddress(written: string, folder: string): Address | string {
  if (written === "" || written.includes("\0")) {
    return 'a unix socket needs a path, such as "unix:/run/portico.sock"';
  }
  const path = resolve(folder, written);
  const bytes = Buffer.byteLength(path);
  if (bytes <= UNIX_PATH_BYTES_MAX) return { kind: "unix", path };
  return `the socket's path is ${bytes} bytes long (${path}); ${UNIX_PATH_BYTES_MAX} is the most`;
}

function notAnAddress(text: string): string {
  const examples = '"8080", "127.0.0.1:8080", "[::1]:8080" or "unix:/run/portico.sock"';
  return `${JSON.stringify(text)} is not an address, such as ${examples}`;
}

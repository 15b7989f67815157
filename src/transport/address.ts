// Where one can listen, how people write it, and what can go wrong there in words that say what to
// do.

export interface TcpAddress {
  readonly kind: "tcp";
  readonly host: string;
  readonly port: number;
}

export interface UnixAddress {
  readonly kind: "unix";
  readonly path: string;
}

export type ListenAddress = TcpAddress | UnixAddress;

/** Why an address cannot be listened on. `code` is the system's (EADDRINUSE, EACCES …). */
export class ListenError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** How people write `address`: `127.0.0.1:80`, `[::1]:80`, `unix:/run/x`. */
export function formatAddress(address: ListenAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}

/** `error` as a ListenError; one that is already stays as it is. */
export function inWords(error: NodeJS.ErrnoException, address: ListenAddress): ListenError {
  if (error instanceof ListenError) return error;
  const code = error.code ?? "";
  const words = (address.kind === "unix" ? UNIX_WORDS : TCP_WORDS)[code] ?? error.message;
  return new ListenError(code, `${formatAddress(address)}: ${words}`);
}

const TCP_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: "taken. Another program listens there: stop it, or choose another address.",
  EACCES: "ports below 1024 need root or CAP_NET_BIND_SERVICE. Choose one from 1024 up.",
  EADDRNOTAVAIL: "this machine has no such address. 0.0.0.0 means all of IPv4, [::] all.",
  ENOTFOUND: "no host of that name.",
  EAI_AGAIN: "the host's name could not be looked up.",
  EINVAL: "the system refuses this address.",
};

const UNIX_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: "taken. Another program listens there: stop it, or choose another path.",
  EEXIST: "taken. Another program listens there: stop it, or choose another path.",
  EACCES: "no permission to make a socket in that folder.",
  ENOENT: "the folder for the socket does not exist.",
  ENAMETOOLONG: "a unix socket's path may have 107 bytes.",
  EINVAL: "a unix socket's path may have 107 bytes.",
};

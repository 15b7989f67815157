// Which addresses are one, and which only this machine can reach.
import { isIP } from "node:net";
import { isLoopbackName } from "../http/router/index.ts";
import { formatAddress, type ListenAddress } from "../transport/index.ts";

/** Whether only this machine can reach `address` by TCP; a unix socket is not for the guard. */
export function isLoopback(address: ListenAddress): boolean {
  if (address.kind === "unix") return true;
  return isLoopbackName(
    isIP(address.host) === 6 ? `[${address.host}]` : address.host.toLowerCase(),
  );
}

/** One text for each address: the case of a host's name says nothing. */
export function addressKey(address: ListenAddress): string {
  const text = formatAddress(address);
  return address.kind === "unix" ? text : text.toLowerCase();
}

// Who a request is for: the host and port of a Host field or of an absolute target (RFC 3986 §3.2).
// What servers and proxies read in two ways (userinfo, lists, half brackets, letters in the port)
// is refused, so that all of us see one host.
import { consistsOf, DIGIT, HOST_NAME } from "./characters.ts";

const HOST_BYTES_MAX = 255;
const PORT_MAX = 65_535;
const IPV6_GROUPS = 8;
const DECIMAL_OCTET = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const HEX_GROUP = /^[0-9A-Fa-f]{1,4}$/;

export interface Authority {
  /** In lower case; IPv6 in its brackets. */
  readonly host: string;
  /** Null where none is written. */
  readonly port: number | null;
}

/** Reads `host[:port]`; null where it is not exactly that. */
export function parseAuthority(text: string): Authority | null {
  const hostEnd = endOfHost(text);
  if (hostEnd === 0 || hostEnd > HOST_BYTES_MAX) return null;
  const host = text.slice(0, hostEnd);
  const good = host[0] === "[" ? isIpv6(host.slice(1, -1)) : consistsOf(host, HOST_NAME);
  if (!good) return null;
  if (hostEnd === text.length) return { host: host.toLowerCase(), port: null };
  if (text[hostEnd] !== ":") return null;
  const digits = text.slice(hostEnd + 1);
  if (digits === "") return { host: host.toLowerCase(), port: null };
  if (digits.length > 5 || !consistsOf(digits, DIGIT) || Number(digits) > PORT_MAX) return null;
  return { host: host.toLowerCase(), port: Number(digits) };
}

/** Where the host ends; 0 where a bracket is never closed. */
function endOfHost(text: string): number {
  if (text[0] === "[") return text.indexOf("]") + 1;
  const colon = text.indexOf(":");
  return colon < 0 ? text.length : colon;
}

function isIpv6(text: string): boolean {
  const gap = text.indexOf("::");
  if (gap < 0) return countGroups(text) === IPV6_GROUPS;
  const before = text.slice(0, gap);
  const after = text.slice(gap + 2);
  if (before.includes(".")) return false; // an IPv4 address is the end, and nothing else
  const groups =
    (before === "" ? 0 : countGroups(before)) + (after === "" ? 0 : countGroups(after));
  return groups < IPV6_GROUPS; // a second `::` leaves an empty group, which counts as too many
}

/** How many groups of 16 bits `text` has, an IPv4 address at its end being two; Infinity if bad. */
function countGroups(text: string): number {
  const groups = text.split(":");
  const last = groups.at(-1)!;
  const mapped = last.includes(".");
  if (mapped) groups.pop();
  if (!groups.every((group) => HEX_GROUP.test(group))) return Infinity;
  if (!mapped) return groups.length;
  const octets = last.split(".");
  const good = octets.length === 4 && octets.every((octet) => DECIMAL_OCTET.test(octet));
  return good ? groups.length + 2 : Infinity;
}

// Names in `Host` and in a site's `hosts`: one spelling of each, so that they can be compared. A
// name is lower case, without its last dot; an IPv6 address is in brackets, written as RFC 5952 has
// it.
import { isIPv4 } from "node:net";
import { domainToASCII } from "node:url";

/** A host as a site names it. */
export interface HostPattern {
  /** `example.org`, `*.example.org`, `127.0.0.1` or `[::1]`, in its one spelling. */
  readonly text: string;
  /** ".example.org" of `*.example.org`: one or more labels stand before it. Null: an exact name. */
  readonly below: string | null;
}

/** The one spelling of a request's host, which is lower case and without its port already. */
export function hostKey(host: string): string {
  if (host.startsWith("[")) return ipv6Key(host) ?? host;
  return host.length > 1 && host.endsWith(".") ? host.slice(0, -1) : host;
}

/** Reads one of a site's `hosts`. A string says in words what is wrong with it. */
export function parseHost(text: string): HostPattern | string {
  const complaint = (why: string) => `${JSON.stringify(text)} is not a host's name: ${why}`;
  if (text === "" || text === "*") return complaint("leave `hosts` out to answer any host");
  if (/[/?#@\s]/.test(text)) return complaint("it is a name alone, without a scheme or a path");
  if (text.startsWith("[")) {
    const address = ipv6Key(text.toLowerCase());
    return address === null
      ? complaint('an IPv6 address looks like "[::1]", without a port')
      : { text: address, below: null };
  }
  if (/^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(text)) return complaint(`write "[${text}]"`);
  if (text.includes(":")) return complaint("a site answers on every port; leave the port out");
  return namePattern(hostKey(text.toLowerCase())) ?? complaint(nameAdvice(text));
}

/** Whether only this machine can be meant: what a DNS-rebinding page cannot make a browser send. */
export function isLoopbackName(host: string): boolean {
  const key = hostKey(host);
  if (key === "localhost" || key.endsWith(".localhost")) return true; // RFC 6761 §6.3
  if (key.startsWith("127.")) return isIPv4(key);
  return key === "[::1]" || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(key);
}

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const NAME_LENGTH_MAX = 253;

function namePattern(name: string): HostPattern | null {
  const wild = name.startsWith("*.");
  const labels = (wild ? name.slice(2) : name).split(".");
  if (name.length > NAME_LENGTH_MAX || !labels.every((label) => LABEL.test(label))) return null;
  return { text: name, below: wild ? name.slice(1) : null };
}

function nameAdvice(text: string): string {
  if (text.lastIndexOf("*") > 0 || (text.startsWith("*") && text[1] !== ".")) {
    return 'a "*" stands first, for whole labels, as in "*.example.org"';
  }
  const ascii = domainToASCII(text);
  if (ascii !== "" && namePattern(ascii) !== null) return `write ${JSON.stringify(ascii)}`;
  return 'it is labels of letters, digits and "-", with dots between them';
}

// `URL` knows every spelling (RFC 4291 §2.2). Few requests name an IPv6 address, so its cost is
// none.
function ipv6Key(host: string): string | null {
  if (!/^\[[0-9a-f:.]+\]$/.test(host)) return null;
  return URL.parse(`http://${host}/`)?.hostname ?? null;
}

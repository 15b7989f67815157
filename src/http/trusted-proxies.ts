// Servers in front of this one that are believed what they say of a request: whether its client
// came by TLS. Anybody else who says so is not heard.
import { BlockList, isIP } from "node:net";
import type { Exchange, Forwarders } from "./exchange/index.ts";

/** In a list of proxies: whoever comes by a unix socket. */
const UNIX = "unix:";

const QUOTED_OR_TOKEN = /^proto=(?:"([a-z]+)"|([a-z]+))$/i;

/** For an entry of a list of proxies. */
export function proxyComplaint(written: string): string | null {
  if (written === UNIX || networkOf(written) !== null) return null;
  return 'a proxy is an address ("127.0.0.1"), a network ("10.0.0.0/8"), or "unix:"';
}

export class TrustedProxies implements Forwarders {
  readonly #networks = new BlockList();
  readonly #unix: boolean;

  /** Each entry is one that `proxyComplaint` finds nothing wrong with. */
  constructor(list: readonly string[]) {
    this.#unix = list.includes(UNIX);
    for (const written of list) {
      const network = networkOf(written);
      if (network !== null) this.#networks.addSubnet(network.address, network.bits, network.family);
    }
  }

  /**
   * Whether a proxy says that the client came by TLS: by `Forwarded` (RFC 7239) or
   * `X-Forwarded-Proto`. Of a list the last entry counts: it is the one that the proxy wrote. Where
   * both fields are there, both have to say so, as a proxy may hand on one that the client wrote.
   */
  saysTls(exchange: Exchange): boolean {
    const { fields } = exchange;
    const proto = fields.get("x-forwarded-proto");
    const forwarded = fields.get("forwarded");
    if ((proto === null && forwarded === null) || !this.#trusts(exchange)) return false;
    if (proto !== null && lastOf(proto).toLowerCase() !== "https") return false;
    return forwarded === null || protoOf(lastOf(forwarded)) === "https";
  }

  #trusts({ connection: { remoteAddress, unix } }: Exchange): boolean {
    if (unix) return this.#unix;
    const version = isIP(remoteAddress);
    return version !== 0 && this.#networks.check(remoteAddress, version === 4 ? "ipv4" : "ipv6");
  }
}

interface Network {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  readonly bits: number;
}

/** Null: it is none. */
function networkOf(written: string): Network | null {
  const [, address = "", width = null] = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(written) ?? [];
  const version = isIP(address);
  if (version === 0) return null;
  const bitsMax = version === 4 ? 32 : 128;
  const bits = width === null ? bitsMax : Number(width);
  return bits > bitsMax ? null : { address, family: version === 4 ? "ipv4" : "ipv6", bits };
}

/** A comma in quotes is not looked for: what is cut there says nothing, so no TLS. */
function lastOf(list: string): string {
  return list.slice(list.lastIndexOf(",") + 1).trim();
}

function protoOf(element: string): string | null {
  for (const pair of element.split(";")) {
    const found = QUOTED_OR_TOKEN.exec(pair.trim());
    if (found !== null) return (found[1] ?? found[2]!).toLowerCase();
  }
  return null;
}

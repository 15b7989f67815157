// How many connections may be open, in all and from one address, so that no client takes them all.
// An IPv6 client is given a whole /64 and may come from any address of it: it counts as one.
import { isIPv6 } from "node:net";

/** Connections at once; 0 is no bound. */
export interface AdmissionLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export class Admission {
  /** How many were turned away so far. */
  refused = 0;
  limits: AdmissionLimits;
  connectionsMax: number | null = null;
  // Bounded by the connections that are open: who leaves last takes the entry along.
  readonly #byClient = new Map<string, number>();
  #open = 0;

  constructor(limits: AdmissionLimits) {
    this.limits = limits;
  }

  /** Connections that entered and have not left. */
  get open(): number {
    return this.#open;
  }

  /** Clients that are counted at this moment. */
  get clients(): number {
    return this.#byClient.size;
  }

  /** Counts a connection from `address` ("" on a unix socket). False: it is one too many. */
  tryEnter(address: string): boolean {
    const { connections, connectionsPerAddress } = this.limits;
    const full = connections > 0 && this.#open >= connections;
    if (full || (this.#counts(address) && !this.#enterClient(address, connectionsPerAddress))) {
      this.refused += 1;
      return false;
    }
    this.#open += 1;
    return true;
  }

  /** To be called once for each connection that entered. */
  leave(address: string): void {
    this.#open -= 1;
    if (!this.#counts(address)) return;
    const client = clientOf(address);
    const count = this.#byClient.get(client) ?? 0;
    if (count > 1) this.#byClient.set(client, count - 1);
    else this.#byClient.delete(client);
  }

  // Everybody on a unix socket is "": a proxy of our own, mostly, and no address to hold to.
  #counts(address: string): boolean {
    return this.limits.connectionsPerAddress > 0 && address !== "";
  }

  #enterClient(address: string, countMax: number): boolean {
    const client = clientOf(address);
    const count = this.#byClient.get(client) ?? 0;
    if (count >= countMax) return false;
    this.#byClient.set(client, count + 1);
    return true;
  }
}

/** Whom `address` counts for: an IPv4 address (mapped ones too), or the /64 of an IPv6 one. */
export function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  const [before = "", after] = address.replace(/%.*$/, "").toLowerCase().split("::");
  const groups = groupsOf(before);
  if (after !== undefined) {
    const behind = groupsOf(after);
    while (groups.length + behind.length < 8) groups.push("0");
    groups.push(...behind);
  }
  return groups.slice(0, 4).join(":");
}

function groupsOf(text: string): string[] {
  if (text === "") return [];
  // The last 32 bits may be written as IPv4: two groups, behind the /64 in any case.
  return text
    .split(":")
    .flatMap((group) => (group.includes(".") ? ["0", "0"] : [group.replace(/^0+(?=.)/, "")]));
}

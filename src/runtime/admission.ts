// How many connections may be open, in all and from one address, so that no client takes them all.
// An IPv6 client is given a whole /64 and may come from any address of it: it counts as one.
import { isIPv6 } from "node:net";
import { LocalCounts, type ClientCounts } from "./client-counts/index.ts";

/** Connections at once; 0 is no bound. */
export interface AdmissionLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export interface AdmissionParts {
  readonly limits: AdmissionLimits;
  /** Where clients are counted; left out: for this admission alone. */
  readonly counts?: ClientCounts;
  /** Connections that descriptors are there for, whatever the limits say; null: not known. */
  readonly descriptorsMax?: number | null;
}

/** Under whom a connection was counted; "" is under nobody. To be handed back as it leaves. */
export type CountedAs = string;

const NOBODY: CountedAs = "";

export class Admission {
  /** May be exchanged at any time: who is in stays, however many they are. */
  limits: AdmissionLimits;
  /** Connections that descriptors are there for, whatever the limits say; null: not known. */
  descriptorsMax: number | null;
  /** How many were turned away so far. */
  refused = 0;
  readonly #counts: ClientCounts;
  #open = 0;

  constructor({ limits, counts, descriptorsMax }: AdmissionParts) {
    this.limits = limits;
    this.#counts = counts ?? new LocalCounts();
    this.descriptorsMax = descriptorsMax ?? null;
  }

  /** Connections that entered and have not left. */
  get open(): number {
    return this.#open;
  }

  /** How many there may be at once: the limit or what descriptors allow, whichever is less. */
  get connectionsMax(): number {
    return Math.min(this.limits.connections || Infinity, this.descriptorsMax ?? Infinity);
  }

  /** Counts a connection from `address` ("" on a unix socket). Null: it is one too many. */
  tryEnter(address: string): CountedAs | null {
    const countedAs = this.#open >= this.connectionsMax ? null : this.#enterClient(address);
    if (countedAs === null) this.refused += 1;
    else this.#open += 1;
    return countedAs;
  }

  /** To be called once for each connection that entered, with what entering it returned. */
  leave(countedAs: CountedAs): void {
    this.#open -= 1;
    // What was not counted then is not taken off now, whatever the limits have become.
    if (countedAs !== NOBODY) this.#counts.leave(countedAs);
  }

  #enterClient(address: string): CountedAs | null {
    const countMax = this.limits.connectionsPerAddress;
    // Everybody on a unix socket is "": a proxy of our own, mostly, and no address to hold to.
    if (countMax === 0 || address === "") return NOBODY;
    const client = clientOf(address);
    const entry = this.#counts.enter(client, countMax);
    if (entry === "refused") return null;
    return entry === "counted" ? client : NOBODY;
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

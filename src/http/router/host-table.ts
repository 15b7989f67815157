// Which site a host means: an exact name beats a wildcard, a longer wildcard beats a shorter one,
// and a site without hosts takes what no other names. A wildcard is one or more labels, never the
// apex.
import { hostKey, parseHost } from "./host-names.ts";

/** The site that answers, and what named it: null for the site that answers any host. */
export interface NamedSite {
  readonly site: number;
  readonly by: string | null;
}

/** Finds the site of a host. Its names were checked: a bad or doubled one is a bug here. */
export class HostTable {
  readonly #exact = new Map<string, NamedSite>();
  readonly #below = new Map<string, NamedSite>();
  #any: NamedSite | null = null;
  #belowLengthMax = 0;

  constructor(hostsOfSites: readonly (readonly string[])[]) {
    for (const [site, hosts] of hostsOfSites.entries()) {
      if (hosts.length === 0) this.#addAny(site);
      for (const host of hosts) this.#add(site, host);
    }
  }

  /** Whether any site names its hosts. */
  get named(): boolean {
    return this.#exact.size + this.#below.size > 0;
  }

  /** `key` is a host's one spelling (`hostKey`); "" where the client named none. */
  lookup(key: string): NamedSite | null {
    return this.#exact.get(key) ?? this.#wildcard(key) ?? this.#any;
  }

  /** From the longest wildcard on, so that a host of a thousand dots costs no thousand lookups. */
  #wildcard(key: string): NamedSite | null {
    if (this.#below.size === 0) return null;
    let dot = key.indexOf(".", Math.max(1, key.length - this.#belowLengthMax));
    while (dot !== -1) {
      const found = this.#below.get(key.slice(dot));
      if (found !== undefined) return found;
      dot = key.indexOf(".", dot + 1);
    }
    return null;
  }

  #addAny(site: number): void {
    if (this.#any !== null) throw new Error("two sites answer any host");
    this.#any = { site, by: null };
  }

  #add(site: number, host: string): void {
    const pattern = parseHost(host);
    if (typeof pattern === "string") throw new Error(pattern);
    const names = pattern.below === null ? this.#exact : this.#below;
    const name = pattern.below ?? hostKey(pattern.text);
    if (names.has(name)) throw new Error(`two sites name ${pattern.text}`);
    names.set(name, { site, by: pattern.text });
    if (pattern.below !== null) this.#belowLengthMax = Math.max(this.#belowLengthMax, name.length);
  }
}

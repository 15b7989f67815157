// The guard against pages of other sites that have a browser send a change here, with whatever the
// browser knows (cookies, a network that only it is in). Browsers say whence a request comes, in
// Sec-Fetch-Site, older ones in Origin (Fetch §3.2, Fetch Metadata §2.4); programs say neither, and
// pass. "same-site" is refused as well: another port of this machine is the same site.
import { Failure, type FailureTable } from "../base/failure.ts";
import type { Exchange } from "./exchange/index.ts";

export const CROSS_SITE_FAILURES = {
  crossSite: { status: 403, message: "This request comes from a page of another site." },
} as const satisfies FailureTable;

const FROM_HERE = new Set(["same-origin", "none"]);
const DEFAULT_PORT = /^(?:http:\/\/(.+):80|https:\/\/(.+):443|https?:\/\/(.+))$/;

/** Why a request that would change something is refused, or null. `origins` may send any. */
export function crossSiteRefusal(
  { fields, authority }: Exchange,
  origins: readonly string[] = [],
): Failure<"crossSite"> | null {
  const origin = fields.get("origin");
  if (origin !== null && (origins.includes(origin) || origins.includes("*"))) return null;
  const site = fields.get("sec-fetch-site");
  if (site !== null) {
    return FROM_HERE.has(site) ? null : new Failure("crossSite", `Sec-Fetch-Site: ${site}`);
  }
  if (origin === null || isOwn(origin, authority)) return null;
  return new Failure("crossSite", `Origin: ${origin}`);
}

/** Whether `origin` names the host and port that were asked; "null" names none. */
export function isOwn(origin: string, authority: string): boolean {
  const host = hostOf(origin);
  if (host === null) return false;
  return [`http://${authority}`, `https://${authority}`].some((own) => hostOf(own) === host);
}

/** Host and port, lower case, without the scheme's own port. */
function hostOf(origin: string): string | null {
  const found = DEFAULT_PORT.exec(origin.toLowerCase());
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? null;
}

/** For an entry of a list of origins: browsers never send what is written otherwise. */
export function originComplaint(written: string): string | null {
  const url = /^https?:\/\//.test(written) ? URL.parse(written) : null;
  if (url !== null && url.origin === written) return null;
  const better = url === null ? "https://app.example.org" : url.origin;
  return `an origin is a scheme and a host, as browsers write it: "${better}"`;
}

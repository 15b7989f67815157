// The value of a Set-Cookie field (RFC 6265bis §4.1). What a browser would leave out, or read as
// something else, is a mistake of ours and throws; so nothing that is handed in ends the field, or
// adds an attribute.
import { consistsOf, isToken, type ByteTable } from "../characters.ts";

/** A name and its value together (§5.6 step 5). */
export const COOKIE_BYTES_MAX = 4096;

const ATTRIBUTE_BYTES_MAX = 1024; // §5.6 step 6
const MAX_AGE_S_MAX = 400 * 24 * 60 * 60; // §5.5

export type SameSite = "strict" | "lax" | "none";

export interface CookieAttributes {
  /** Sent to this host and all below it; left out: to the host that set it alone. */
  readonly domain?: string | undefined;
  /** Begins with "/". */
  readonly path?: string | undefined;
  /** When it ends: a Date. */
  readonly expires?: { toUTCString(): string } | undefined;
  /** How long it lives, in whole seconds; wins over `expires`. 0 or less: it ends. */
  readonly maxAge?: number | undefined;
  /** Kept from scripts. */
  readonly httpOnly?: boolean | undefined;
  /** Sent by TLS alone. */
  readonly secure?: boolean | undefined;
  readonly sameSite?: SameSite | undefined;
  /** One a site that the page is embedded in (CHIPS). */
  readonly partitioned?: boolean | undefined;
}

/** §4.1.1: visible ASCII without `"`, `,`, `;` and `\`. */
const COOKIE_OCTET: ByteTable = Uint8Array.from({ length: 256 }, (_, code) =>
  code > 0x20 && code < 0x7f && !'",;\\'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** §4.1.1's av-octet: ASCII without control characters and `;`. */
const ATTRIBUTE_OCTET: ByteTable = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x20 && code < 0x7f && code !== 0x3b ? 1 : 0,
);

const SAME_SITE: Readonly<Record<SameSite, string>> = {
  strict: "Strict",
  lax: "Lax",
  none: "None",
};
const DOMAIN = /^\.?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Whether all of `value` may stand in a cookie as it is. */
export function isCookieValue(value: string): boolean {
  return consistsOf(value, COOKIE_OCTET);
}

/**
 * The value of a Set-Cookie field. `value` is written as it is: encode it first where it may hold
 * blanks, quotes, commas, semicolons, backslashes or anything but ASCII.
 *
 * Throws a TypeError for what browsers would not take, a RangeError for what is too large.
 */
export function serializeCookie(
  name: string,
  value: string,
  attributes: CookieAttributes = {},
): string {
  if (!isToken(name)) throw new TypeError(`a cookie's name is a token: ${JSON.stringify(name)}`);
  if (!isCookieValue(value)) {
    throw new TypeError(`the cookie ${name} has a value that has to be encoded`);
  }
  if (name.length + value.length > COOKIE_BYTES_MAX) {
    throw new RangeError(`the cookie ${name} is larger than ${COOKIE_BYTES_MAX} bytes`);
  }
  const missing = missingFor(name, attributes);
  if (missing !== null) throw new TypeError(`the cookie ${name} needs ${missing}`);
  return `${name}=${value}${attributesText(attributes)}`;
}

/** What its name or one attribute promises of the others (§4.1.2.7, §4.1.3), in words. */
function missingFor(name: string, given: CookieAttributes): string | null {
  const { domain, httpOnly, partitioned, path, sameSite, secure } = given;
  const prefix = /^__(?:host-http|host|http|secure)-/i.exec(name)?.[0].toLowerCase() ?? "";
  const needsSecure = prefix !== "" || sameSite === "none" || partitioned === true;
  if (needsSecure && secure !== true) return "`secure`";
  if (prefix.endsWith("http-") && httpOnly !== true) return "`httpOnly`";
  if (!prefix.startsWith("__host-")) return null;
  if (domain !== undefined) return "no `domain`";
  return path === "/" ? null : '`path: "/"`';
}

function attributesText(given: CookieAttributes): string {
  const { domain, expires, httpOnly, maxAge, partitioned, path, sameSite, secure } = given;
  let text = "";
  if (domain !== undefined) text += `; Domain=${checked("domain", domain, DOMAIN.test(domain))}`;
  if (path !== undefined) text += `; Path=${checked("path", path, path.startsWith("/"))}`;
  if (expires !== undefined) text += `; Expires=${dateText(expires)}`;
  if (maxAge !== undefined) text += `; Max-Age=${seconds(maxAge)}`;
  if (httpOnly === true) text += "; HttpOnly";
  if (secure === true) text += "; Secure";
  if (sameSite !== undefined) text += `; SameSite=${sameSiteText(sameSite)}`;
  if (partitioned === true) text += "; Partitioned";
  return text;
}

function checked(attribute: string, value: string, isRight: boolean): string {
  if (!isRight || !consistsOf(value, ATTRIBUTE_OCTET) || /^ | $/.test(value)) {
    throw new TypeError(`no cookie's ${attribute}: ${JSON.stringify(value)}`);
  }
  if (value.length > ATTRIBUTE_BYTES_MAX)
    throw new RangeError(`a cookie's ${attribute} is too long`);
  return value;
}

function dateText(expires: { toUTCString(): string }): string {
  return checked("expires", expires.toUTCString(), HTTP_DATE.test(expires.toUTCString()));
}

function seconds(maxAge: number): number {
  if (!Number.isInteger(maxAge)) throw new TypeError(`a cookie's maxAge is whole: ${maxAge}`);
  return Math.min(Math.max(maxAge, 0), MAX_AGE_S_MAX);
}

function sameSiteText(sameSite: SameSite): string {
  if (!Object.hasOwn(SAME_SITE, sameSite)) throw new TypeError(`no sameSite: ${sameSite}`);
  return SAME_SITE[sameSite];
}

// The cookies of one request, and those that its answer sets. Values may be any text: what a cookie
// can't hold as it is, is percent-encoded as UTF-8 (encodeURIComponent) and decoded when it comes
// back. What comes and is no such encoding stays as it came.
import { isUtf8 } from "node:buffer";
import type { FieldList } from "../../base/failure.ts";
import {
  isCookieValue,
  parseCookies,
  serializeCookie,
  type CookieAttributes,
  type Fields,
  type ReceivedCookies,
} from "../../protocol/index.ts";

const NONE: FieldList = [];
const LONG_AGO = new Date(0);

export class Cookies {
  readonly #fields: Fields;
  readonly #secure: boolean;
  #received: ReceivedCookies | null = null;
  /** Fields that the answer will have, by what tells one cookie from another (§5.7 step 22). */
  #set: Map<string, readonly ["Set-Cookie", string]> | null = null;

  /** `secure`: the client came by TLS. */
  constructor(fields: Fields, secure: boolean) {
    this.#fields = fields;
    this.#secure = secure;
  }

  /** What the client sent, as it came. */
  get received(): ReceivedCookies {
    this.#received ??= parseCookies(this.#fields.all("cookie"));
    return this.#received;
  }

  /** The value that the client sent under `name`, the first of several; null: none. */
  get(name: string): string | null {
    const value = this.received.get(name);
    return value === null ? null : decoded(value);
  }

  /** All values that the client sent under `name`, in order. */
  getAll(name: string): string[] {
    return this.received.getAll(name).map(decoded);
  }

  /** All that the client sent, in order. */
  *entries(): IterableIterator<readonly [name: string, value: string]> {
    for (const [name, value] of this.received.entries()) yield [name, decoded(value)];
  }

  /**
   * Has the answer set a cookie, in place of one that was set before with this name, path and
   * domain. Unless `attributes` say otherwise it is for the whole site (`path: "/"`), kept from
   * scripts (`httpOnly`), sent from other sites' pages only where a link is followed (`sameSite:
   * "lax"`), and, where the client came by TLS, sent by TLS alone (`secure`). An error answer that
   * the server makes sets none.
   *
   * Throws a TypeError for what browsers would not take, a RangeError for what is too large.
   */
  set(name: string, value: string, attributes: CookieAttributes = {}): void {
    const { path = "/", domain, httpOnly = true, sameSite = "lax" } = attributes;
    const { secure = this.#secure } = attributes;
    const all = { ...attributes, path, httpOnly, sameSite, secure };
    const text = serializeCookie(name, encoded(value), all);
    const key = `${name};${domain?.replace(/^\./, "").toLowerCase() ?? ""};${path}`;
    this.#set ??= new Map();
    this.#set.delete(key); // fields go out in the order in which cookies were set last
    this.#set.set(key, ["Set-Cookie", text]);
  }

  /** Has the answer remove a cookie, by the path and domain that it was set by. */
  delete(name: string, attributes: CookieAttributes = {}): void {
    this.set(name, "", { ...attributes, maxAge: 0, expires: LONG_AGO });
  }

  /** What of it goes out with the answer. */
  get fields(): FieldList {
    return this.#set === null ? NONE : [...this.#set.values()];
  }
}

function encoded(value: string): string {
  return isCookieValue(value) && !value.includes("%") ? value : encodeURIComponent(value);
}

/** Never throws. `raw` has a character a byte. */
function decoded(raw: string): string {
  const text = asUtf8(raw);
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a URIError: it was no encoding
  }
}

/** Browsers send what scripts set as UTF-8, not encoded. */
function asUtf8(raw: string): string {
  const bytes = Buffer.from(raw, "latin1");
  return bytes.length > 0 && isUtf8(bytes) ? bytes.toString() : raw;
}

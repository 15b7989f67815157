// The cookie by which a browser shows whose session a request is of. Its value is the id, and the
// id's seal where there is a secret; it says nothing else, and lives as long as the browser runs:
// how long the session lasts, the store alone says.
//
// By TLS its name begins with `__Host-`: then no other host, no page that came without TLS and no
// script has set it (RFC 6265bis §4.1.3.2), and one without the prefix is not looked at.
import { randomBytes } from "node:crypto";
import type { Exchange } from "../../http/exchange/index.ts";
import type { SessionCookieSettings } from "../../http/room.ts";
import { signed, verified } from "../../http/signed-values.ts";
import type { CookieAttributes } from "../../protocol/index.ts";

const ID_BYTES = 16;
const ID = /^[A-Za-z0-9_-]{22}$/;
const SEALED_ID = /^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/;

/** Of several cookies of the name so many are tried: each may cost a look into the store. */
const TRIED_MAX = 4;

/** An id that nobody can guess: 128 bits. */
export function freshId(): string {
  return randomBytes(ID_BYTES).toString("base64url");
}

export class SessionCookie {
  readonly #settings: SessionCookieSettings;

  constructor(settings: SessionCookieSettings) {
    this.#settings = settings;
  }

  /** Whether the client sent one, good or bad. */
  isIn(exchange: Exchange): boolean {
    return exchange.cookies.received.get(this.#nameFor(exchange)) !== null;
  }

  /** The ids that the client shows, in its order: those alone that this server may have given. */
  idsIn(exchange: Exchange): string[] {
    const { secrets } = this.#settings;
    const form = secrets.length === 0 ? ID : SEALED_ID;
    const sent = exchange.cookies.received.getAll(this.#nameFor(exchange));
    const formed = sent.filter((value) => form.test(value));
    const tried = formed.length > 1 ? [...new Set(formed)].slice(0, TRIED_MAX) : formed;
    if (secrets.length === 0) return tried;
    return tried.map((value) => verified(value, secrets)).filter((id) => id !== null);
  }

  /** Has the answer set it. */
  set(exchange: Exchange, id: string): void {
    const [secret] = this.#settings.secrets;
    const value = secret === undefined ? id : signed(id, secret);
    exchange.cookies.set(this.#nameFor(exchange), value, this.#attributesFor(exchange));
  }

  /** Has the answer remove it. */
  clear(exchange: Exchange): void {
    exchange.cookies.delete(this.#nameFor(exchange), this.#attributesFor(exchange));
  }

  #nameFor({ secure }: Exchange): string {
    return secure ? `__Host-${this.#settings.cookie}` : this.#settings.cookie;
  }

  #attributesFor({ secure }: Exchange): CookieAttributes {
    const { sameSite } = this.#settings;
    // Without `Secure` browsers take no `SameSite=None`.
    const sent = sameSite === "none" && !secure ? "lax" : sameSite;
    return { path: "/", httpOnly: true, secure, sameSite: sent };
  }
}

// What a config says of sessions, which routes have by `session = true`, and of who stands in front
// of this server.
import {
  duration,
  either,
  integer,
  list,
  oneOf,
  optional,
  size,
  table,
  text,
  type Infer,
} from "../config/index.ts";
import type { SessionCookieSettings } from "../http/room.ts";
import { proxyComplaint } from "../http/trusted-proxies.ts";
import { storeComplaint, type SessionSettings } from "../runtime/index.ts";

const SECRET_LENGTH_MIN = 32;
const TIME = { min: "1s", max: "3650d" };

const secret = text({ doc: "A secret.", check: secretComplaint });

export const session = table(
  {
    store: text({
      doc:
        'Where sessions are kept: `"sqlite"` (in the data folder), `"memory"` (until the server ' +
        'stops), or a Redis or Valkey: `"redis://HOST:PORT"`, `"rediss://…"` by TLS.',
      fallback: "sqlite",
      check: storeComplaint,
    }),
    idle: duration({
      doc: "A session ends when it was not used for so long.",
      fallback: "30m",
      ...TIME,
    }),
    absolute: duration({
      doc: "A session ends when it is so old, however much it is used.",
      fallback: "30d",
      ...TIME,
    }),
    cookie: text({
      doc: "The cookie's name. By TLS it is sent with `__Host-` before it.",
      fallback: "portico_session",
      check: cookieNameComplaint,
    }),
    sameSite: oneOf(["lax", "strict", "none"], {
      doc:
        "Whether requests that pages of other sites start have the cookie: `lax`, where a link " +
        "is followed; `strict`, never; `none`, always, by TLS alone (without it this is `lax`).",
      fallback: "lax",
    }),
    secret: optional(
      either([secret, list(secret, { doc: "Secrets.", whole: secretsComplaint })], {
        doc:
          "Signs the cookie: one that was changed is not looked for in the store. Of a list the " +
          `first signs, and all verify. ${SECRET_LENGTH_MIN} characters or more.`,
      }),
    ),
    bytes: size({
      doc: "What one session may hold: its keys, values and user. Beyond it `set` throws.",
      fallback: "64 KiB",
      min: "1 KiB",
      max: "16 MiB",
    }),
    strangers: integer({
      doc:
        "How many sessions without a user are kept. Beyond it the one goes that was used longest " +
        "ago.",
      fallback: 100_000,
      min: 1,
    }),
  },
  { doc: "Sessions of visitors, on routes that say `session = true`." },
);

export const trustedProxies = list(
  text({ doc: "An address, a network or `unix:`.", check: proxyComplaint, example: "10.0.0.0/8" }),
  {
    doc:
      "Servers in front of this one, by address, network, or `unix:` for all that come by unix " +
      "sockets. They are believed that a client came by TLS (`X-Forwarded-Proto`, `Forwarded`): " +
      "its cookies are kept to TLS then, and programs are told of it.",
    fallback: [],
    example: ["127.0.0.1", "10.0.0.0/8"],
  },
);

/** How sessions are kept. */
export function sessionSettings(given: Infer<typeof session>): SessionSettings {
  const { store, idle: idleMs, absolute: absoluteMs, bytes: bytesMax } = given;
  return { store, idleMs, absoluteMs, bytesMax, strangersMax: given.strangers };
}

/** What the routes' sessions need of it. */
export function sessionCookieSettings(given: Infer<typeof session>): SessionCookieSettings {
  const { bytes: bytesMax, cookie, sameSite, secret: secrets = [] } = given;
  return { bytesMax, cookie, sameSite, secrets: [secrets].flat() };
}

function cookieNameComplaint(name: string): string | null {
  if (name.startsWith("__"))
    return "`__Host-` is put before the name by itself; `__` begins no name here";
  return /^[A-Za-z0-9_.-]{1,64}$/.test(name)
    ? null
    : "a cookie's name is a word of letters, digits, `_`, `.` and `-`";
}

function secretComplaint(written: string): string | null {
  if (written.length >= SECRET_LENGTH_MIN) return null;
  return `a secret has ${SECRET_LENGTH_MIN} characters or more: try \`openssl rand -base64 32\``;
}

function secretsComplaint(secrets: readonly string[]) {
  return secrets.length > 0 ? [] : [{ path: [], message: "leave `secret` out to sign nothing" }];
}

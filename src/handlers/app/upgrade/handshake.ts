// What a client says to open a web socket (RFC 6455 §4.1), and what it is told (§4.2.2).
import { createHash } from "node:crypto";
import { Failure, type FieldList } from "../../../base/failure.ts";
import { isOwn } from "../../../http/cross-site.ts";
import type { Exchange } from "../../../http/exchange/index.ts";

const VERSION = "13";
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** 16 bytes. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const WANTED: FieldList = [
  ["Upgrade", "websocket"],
  ["Sec-WebSocket-Version", VERSION],
];

/** A request that is fine. */
export interface Handshake {
  readonly key: string;
  /** Subprotocols that the client speaks, in its order. */
  readonly offered: readonly string[];
}

/** What `exchange` asks for, or why it is refused. Pages of `origins`, and our own, may ask. */
export function handshakeOf(
  exchange: Exchange,
  origins: readonly string[],
): Handshake | Failure<"upgradeRequired" | "badUpgrade" | "crossSite"> {
  const { fields, request, body } = exchange;
  const asksFor = (name: string, token: string): boolean =>
    listed(fields.all(name)).some((one) => one.toLowerCase() === token);
  const isUpgrade =
    request.method === "GET" &&
    request.minorVersion > 0 &&
    asksFor("connection", "upgrade") &&
    asksFor("upgrade", "websocket");
  if (!isUpgrade) return new Failure("upgradeRequired", "no upgrade", WANTED);
  if (body.length !== 0) return new Failure("badUpgrade", "it has a body");
  const version = fields.all("sec-websocket-version").join(",");
  if (version !== VERSION) return new Failure("upgradeRequired", `version ${version}`, WANTED);
  const key = fields.all("sec-websocket-key").join(",");
  if (!KEY.test(key)) return new Failure("badUpgrade", "Sec-WebSocket-Key");
  const offered = listed(fields.all("sec-websocket-protocol"));
  if (!offered.every((one) => TOKEN.test(one)) || new Set(offered).size < offered.length) {
    return new Failure("badUpgrade", "Sec-WebSocket-Protocol");
  }
  return originRefusal(exchange, origins) ?? { key, offered };
}

/**
 * A page of any site can have a browser open a web socket here, with the cookies of this one, and
 * no preflight asks us: so the page's origin has to be ours, or one that is named. Programs name
 * none.
 */
function originRefusal(
  { fields, authority }: Exchange,
  origins: readonly string[],
): Failure<"crossSite"> | null {
  for (const origin of fields.all("origin")) {
    const isAllowed = origins.includes(origin) || origins.includes("*");
    if (!isAllowed && !isOwn(origin, authority))
      return new Failure("crossSite", `Origin: ${origin}`);
  }
  return null;
}

/** Says that the key was read by somebody who knows web sockets. */
export function acceptOf(key: string): string {
  return createHash("sha1")
    .update(key + GUID)
    .digest("base64");
}

function listed(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => line.split(","))
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

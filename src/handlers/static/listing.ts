// The answer to a request for a folder that has no index file: a page for people, JSON for
// programs.
import { Reply, type Exchange } from "../../http/exchange/index.ts";
import { prefers } from "../../http/representation/index.ts";
import { decodePath } from "../../protocol/target.ts";
import { LISTED_MAX, type ListedEntry } from "../../storage/index.ts";
import { LISTING_PAGE, listingPage } from "./listing-page.ts";
import { isoText } from "./measures.ts";
import { orderOf, sorted } from "./order.ts";

/** What a page shows; more would make pages of megabytes that nobody reads. JSON has more. */
const ENTRIES_SHOWN_MAX = 5000;

/** What was listed may be another in a moment, and is another for another Accept. */
const FIELDS = [
  ["Cache-Control", "no-cache"],
  ["Vary", "Accept"],
] as const;

const JSON_FIELDS = [
  ["Content-Type", "application/json"],
  ["X-Content-Type-Options", "nosniff"],
] as const;

/** `found` as the client likes it. What no request can ask for is left out. */
export function listingReply(exchange: Exchange, found: readonly ListedEntry[]): Reply {
  const order = orderOf(exchange.query);
  const isCut = found.length >= LISTED_MAX;
  const all = sorted(found.filter(isAddressable), order);
  const accept = exchange.fields.get("accept");
  if (prefers(accept, ["text/html", "application/json"]) === "application/json") {
    return new Reply(200, [...JSON_FIELDS, ...FIELDS], json(all));
  }
  const entries = all.slice(0, ENTRIES_SHOWN_MAX);
  const hidden = all.length - entries.length;
  const page = listingPage({ path: exchange.path, entries, order, hidden, isCut });
  return new Reply(200, [...LISTING_PAGE.fields, ...FIELDS], page);
}

/** A name with a line end in it, or one that is no UTF-8: paths that hold it are refused. */
function isAddressable({ name }: ListedEntry): boolean {
  if (!name.isWellFormed() || name.includes("\ufffd") || /%2f/i.test(name)) return false;
  return typeof decodePath(`/${encodeURIComponent(name)}`) === "string";
}

function json(entries: readonly ListedEntry[]): Uint8Array {
  const list = entries.map(({ name, kind, size, mtimeMs }) => ({
    name,
    kind,
    size: kind === "file" ? size : null,
    modified: isoText(mtimeMs),
  }));
  return Buffer.from(`${JSON.stringify(list)}\n`);
}

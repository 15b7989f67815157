// The page that a browser is sent to behind a form, and the page with a form. What the first shows
// stands in its address, under a seal of this server's: nobody can make it say anything else, and
// nothing has to be kept for it.
import { createHmac, timingSafeEqual } from "node:crypto";
import { Reply, type Exchange } from "../../http/exchange/index.ts";
import { isBitmap, mediaTypeOf } from "../../http/representation/index.ts";
import { escapeHtml, pageKind, renderPage } from "../../http/page.ts";
import type { KeptFile, UploadFolder } from "./upload-folder.ts";

/** How many files the page names; of the others it tells how many. */
const SHOWN_MAX = 20;
/** What stands in an address: others cut what is longer than some kilobytes. */
const ADDRESS_BYTES_MAX = 4096;
const SEAL_BYTES = 16;

type Shown = readonly [name: string, bytes: number];

interface Result {
  readonly shown: readonly Shown[];
  readonly count: number;
}

const PAGE = pageKind(
  `
ul{list-style:none;margin:0 0 1.5rem;padding:0}
li{padding:.75rem 0;border-top:1px solid var(--line)}
img{display:block;max-width:100%;max-height:24rem;margin-top:.5rem;border-radius:.25rem}
small{color:var(--soft)}
form{display:grid;gap:1rem;justify-items:start}
button{font:inherit;padding:.5rem 1.25rem;border:0;border-radius:.375rem;background:var(--accent);
color:var(--ground);cursor:pointer}
`,
  { images: "'self'", formAction: "'self'" },
);

/** The address of the page that shows `kept`. */
export function resultAddress(
  folder: UploadFolder,
  exchange: Exchange,
  kept: readonly KeptFile[],
): string {
  const shown: Shown[] = [];
  let bytes = 0;
  for (const { stored } of kept.slice(0, SHOWN_MAX)) {
    bytes += 4 * Buffer.byteLength(stored.name) + 40;
    if (bytes > ADDRESS_BYTES_MAX) break;
    shown.push([stored.name, stored.bytes]);
  }
  const text = Buffer.from(JSON.stringify({ shown, count: kept.length })).toString("base64url");
  // As it was asked for: below an exact route there is nothing.
  const page = exchange.restPath === "" ? exchange.rawPath : folder.address(exchange, "");
  return `${page}?stored=${text}.${sealOf(folder, exchange, text)}`;
}

/** What the query of a page's address says, or null where it has no such thing, or a wrong seal. */
export function resultIn(folder: UploadFolder, exchange: Exchange): Result | null {
  const found = /^stored=([\w-]+)\.([\w-]+)$/.exec(exchange.query);
  if (found === null) return null;
  const [, text, given] = found;
  const seal = sealOf(folder, exchange, text!);
  const isOurs = given!.length === seal.length && timingSafeEqual(bytesOf(given!), bytesOf(seal));
  return isOurs ? (JSON.parse(Buffer.from(text!, "base64url").toString()) as Result) : null;
}

/** The page that shows what was stored. */
export function resultPage(folder: UploadFolder, exchange: Exchange, result: Result): Reply {
  const { shown, count } = result;
  const title = count === 1 ? "Stored" : `${count} files stored`;
  const more = count - shown.length;
  const page = escapeHtml(folder.address(exchange, ""));
  const main = `<h1>${title}</h1>
<ul>
${shown.map((one) => listItem(folder, exchange, one)).join("\n")}
${more > 0 ? `<li>and ${more} more</li>` : ""}
</ul>
${folder.options.page ? `<p><a href="${page}">Upload more</a></p>` : ""}`;
  return pageReply(title, main);
}

/** The page with a form: works without scripts. */
export function formPage({ options }: UploadFolder): Reply {
  const accept =
    options.accept.length === 0 ? "" : ` accept="${escapeHtml(options.accept.join())}"`;
  const main = `<h1>Upload files</h1>
<form method="post" enctype="multipart/form-data">
<input type="file" name="file" multiple required aria-label="Files"${accept}>
<button>Upload</button>
</form>`;
  return pageReply("Upload files", main);
}

function listItem(folder: UploadFolder, exchange: Exchange, [name, bytes]: Shown): string {
  const size = `<small>${bytes.toLocaleString("en")} bytes</small>`;
  if (!folder.options.serve) return `<li>${escapeHtml(name)} ${size}</li>`;
  const address = escapeHtml(folder.address(exchange, name));
  const picture = isBitmap(mediaTypeOf(name)) ? `<img src="${address}" alt="">` : "";
  return `<li><a href="${address}">${escapeHtml(name)}</a> ${size}${picture}</li>`;
}

function pageReply(title: string, main: string): Reply {
  const fields = [...PAGE.fields, ["Cache-Control", "no-store"]] as const;
  return new Reply(200, fields, renderPage(PAGE, title, main));
}

/** Of this route: another's page would show names that it does not have. */
function sealOf(folder: UploadFolder, exchange: Exchange, text: string): string {
  const page = folder.address(exchange, "");
  const hash = createHmac("sha256", folder.context.secret);
  const seal = hash.update(`upload ${page} ${text}`).digest();
  return seal.subarray(0, SEAL_BYTES).toString("base64url");
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

// The page that a browser is sent to behind a form, and the page with a form. What the first shows
// stands in its address, under a seal of this server's: nobody can make it say anything else, and
// nothing has to be kept for it. What was written into a form's fields does not, as addresses are
// logged and kept by browsers: it is read from the record.
import { createHmac, timingSafeEqual } from "node:crypto";
import { Reply, type Exchange } from "../../http/exchange/index.ts";
import { isBitmap, mediaTypeOf } from "../../http/representation/index.ts";
import { escapeHtml, pageKind, renderPage } from "../../http/page.ts";
import { OpenFile } from "../../storage/index.ts";
import type { KeptFile, UploadFolder } from "./upload-folder.ts";

/** How many files the page names; of the others it tells how many. */
const SHOWN_MAX = 20;
/** What stands in an address: others cut what is longer than some kilobytes. */
const ADDRESS_BYTES_MAX = 4096;
const SEAL_BYTES = 16;

/** The widest smaller picture that was made of it; 0 where there is none. */
type Shown = readonly [name: string, bytes: number, thumbnail: number];

interface Result {
  readonly shown: readonly Shown[];
  readonly count: number;
  /** Whether the one file is what was written into a form's fields. */
  readonly isRecord: boolean;
}

const PAGE = pageKind(
  `
main{max-width:44rem}
ul,dl{list-style:none;margin:0 0 1.5rem;padding:0;border-bottom:1px solid var(--line)}
li,dl div{padding:1rem 0;border-top:1px solid var(--line)}
dl{margin:0;border:0}
dt,small{color:var(--soft);font-size:.9375rem}
small{white-space:nowrap}
form small{white-space:normal}
dd{margin:0;white-space:pre-wrap}
img{display:block;max-width:100%;max-height:28rem;margin-bottom:.625rem;border-radius:.375rem}
form{display:grid;gap:1.25rem;padding:1.5rem;border:1px solid var(--line);border-radius:.5rem}
label{display:grid;gap:.625rem}
p,input{margin:0;max-width:100%;font:inherit}
button,::file-selector-button{font:inherit;min-height:2.75rem;padding:.375rem 1.25rem;
border:1px solid var(--line);border-radius:.375rem;background:var(--hover);color:var(--ink);
cursor:pointer}
::file-selector-button{margin-right:.75rem}
button{justify-self:start;border-color:var(--accent);background:var(--accent);color:var(--ground)}
button:hover{filter:brightness(1.1)}
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
  for (const { stored, thumbnails } of kept.slice(0, SHOWN_MAX)) {
    bytes += 4 * Buffer.byteLength(stored.name) + 40;
    if (bytes > ADDRESS_BYTES_MAX) break;
    shown.push([stored.name, stored.bytes, Math.max(0, ...thumbnails)]);
  }
  // A form's file has the name of its field, a record has none.
  const isRecord = kept.length === 1 && kept[0]!.file.facts.field === null;
  const result: Result = { shown, count: kept.length, isRecord };
  const text = Buffer.from(JSON.stringify(result)).toString("base64url");
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
export async function resultPage(
  folder: UploadFolder,
  exchange: Exchange,
  result: Result,
): Promise<Reply> {
  const { shown, count, isRecord } = result;
  const title = count === 1 ? "Stored" : `${count} files stored`;
  const more = count - shown.length;
  const [first] = shown; // a name may be too long to be shown
  const entry = isRecord && first !== undefined ? await entryIn(folder, first[0]) : "";
  const main = `<h1>${title}</h1>
${entry}<ul>
${shown.map((one) => listItem(folder, exchange, one)).join("\n")}
${more > 0 ? `<li>and ${more} more</li>` : ""}
</ul>
${linkBack(folder, exchange)}`;
  return pageReply(title, main);
}

/** The page with a form: works without scripts. */
export function formPage({ options }: UploadFolder): Reply {
  const { accept, fileBytes } = options;
  const types = accept.length === 0 ? "" : ` accept="${escapeHtml(accept.join())}"`;
  const limits = [
    ...(accept.length === 0 ? [] : [escapeHtml(accept.map(kindText).join(", "))]),
    ...(fileBytes === undefined ? [] : [`up to ${bytesText(fileBytes)} each`]),
  ];
  const main = `<h1>Upload files</h1>
<form method="post" enctype="multipart/form-data">
<label>Files
<input type="file" name="file" multiple required${types}></label>
${limits.length === 0 ? "" : `<small>${limits.join("; ")}</small>`}
<button>Upload</button>
</form>`;
  return pageReply("Upload files", main);
}

function listItem(folder: UploadFolder, exchange: Exchange, [name, bytes, width]: Shown): string {
  const size = `<small>${bytesText(bytes)}</small>`;
  if (!folder.options.serve) return `<li>${escapeHtml(name)} ${size}</li>`;
  const address = escapeHtml(folder.address(exchange, name));
  const source = width === 0 ? address : `${address}?thumbnail=${width}`;
  const picture = isBitmap(mediaTypeOf(name)) ? `<img src="${source}" alt="">` : "";
  return `<li>${picture}<a href="${address}">${escapeHtml(name)}</a> ${size}</li>`;
}

/** What stands in a record, if it is still there, and small. */
async function entryIn({ context, store }: UploadFolder, name: string): Promise<string> {
  const file = await context.files.lookup(store.root, name);
  if (!(file instanceof OpenFile)) return "";
  try {
    const text = file.bytes === null ? "{}" : Buffer.from(file.bytes).toString();
    const fields = (JSON.parse(text) ?? {}) as Record<string, string | string[]>;
    const rows = Object.entries(fields).map(
      ([field, value]) =>
        `<div><dt>${escapeHtml(field)}</dt><dd>${[value].flat().map(textOf).join("\n")}</dd></div>`,
    );
    return rows.length === 0 ? "" : `<dl>\n${rows.join("\n")}\n</dl>\n`;
  } catch (error) {
    if (error instanceof SyntaxError) return ""; // another file has its name by now
    throw error;
  } finally {
    file.release();
  }
}

/** To the form: where the browser says that it came from, if that is here, else the route's own. */
function linkBack(folder: UploadFolder, exchange: Exchange): string {
  const from = URL.parse(exchange.fields.get("referer") ?? "");
  const isHere = from !== null && from.host === URL.parse(`http://${exchange.authority}`)?.host;
  const own = folder.options.page ? folder.address(exchange, "") : null;
  const address = isHere && /^https?:$/.test(from.protocol) ? from.origin + from.pathname : own;
  return address === null ? "" : `<p><a href="${escapeHtml(address)}">Back to the form</a></p>`;
}

/** A value with its lines, however whoever wrote it ends them. */
function textOf(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text
    .split(/\r\n|\r|\n/)
    .map(escapeHtml)
    .join("\n");
}

function kindText(accepted: string): string {
  return accepted.replace(/\/\*$/, " files");
}

function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  const count = bytes / 1024 ** power;
  return `${Number(count.toFixed(count < 10 ? 1 : 0))} ${["KiB", "MiB", "GiB"][power - 1]}`;
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

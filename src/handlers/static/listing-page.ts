// A folder as a page. All links are relative, and names stand in them escaped whole: a file called
// `javascript:alert(1)` or `//evil.example` stays a file of this folder.
import type { ListedEntry } from "../../storage/index.ts";
import { escapeHtml, pageKind, renderPage } from "../../http/page.ts";
import { isoText, sizeText, timeText } from "./measures.ts";
import { SORT_KEYS, type Order, type SortKey } from "./order.ts";

export const LISTING_PAGE = pageKind(`
nav{margin-bottom:.25rem;color:var(--soft);font-size:.9375rem}
nav span{margin:0 .35em}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th{padding:.5rem .75rem;border-bottom:1px solid var(--line);text-align:left;font-size:.875rem;
font-weight:500;line-height:1.5rem}
th a{color:var(--soft)}
th[aria-sort] a{color:var(--ink)}
td{padding:.5rem .75rem;border-bottom:1px solid var(--line);vertical-align:top}
tbody tr:hover{background:var(--hover)}
.size,.time{width:7rem;color:var(--soft);font-size:.875rem;line-height:1.5rem;text-align:right;
white-space:nowrap;
font-variant-numeric:tabular-nums}
.time{width:11rem}
td.name{position:relative;padding-left:2.5rem}
td.name::before{content:"";position:absolute;left:.8rem;top:.8rem;width:.8rem;height:1rem;
border:1.5px solid var(--soft);border-radius:2px}
.folder td.name::before{top:.95rem;left:.75rem;width:1.05rem;height:.75rem;
border-color:var(--accent);background:var(--accent)}
.folder td.name a{font-weight:500}
.note{margin-top:1.25rem;color:var(--soft);font-size:.875rem}
@media(max-width:40rem){
main{padding:1.25rem 1rem 2rem}
table,thead,tbody{display:block}
tr{display:flex;flex-wrap:wrap}
th{flex:1;width:auto;padding:.5rem .25rem}
tbody tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
td{padding:0;border:0}
td.name{flex:0 0 100%;padding-left:2rem}
td.name::before{left:.3rem;top:.25rem}
.folder td.name::before{left:.2rem;top:.4rem}
td.size{width:auto;min-width:6rem;padding-left:2rem;text-align:left}
td.time{width:auto;flex:1}
}
`);

const HEADINGS: Readonly<Record<SortKey, string>> = {
  name: "Name",
  size: "Size",
  time: "Modified",
};

export interface Listing {
  /** The folder's path as asked for, decoded; it ends in "/". */
  readonly path: string;
  readonly entries: readonly ListedEntry[];
  readonly order: Order;
  /** How many there are, if more than `entries`. */
  readonly hidden: number;
  /** The folder has more entries than are read at all. */
  readonly isCut: boolean;
}

/** The page's bytes. */
export function listingPage({ path, entries, order, hidden, isCut }: Listing): Uint8Array {
  const rows = entries.map(row).join("\n");
  const title = path.split("/").at(-2) || "/";
  const main = `${crumbs(path)}
<h1>${escapeHtml(title)}</h1>
<table>
<thead><tr>${SORT_KEYS.map((key) => heading(key, order)).join("")}</tr></thead>
<tbody>
${rows}
</tbody>
</table>
<p class="note">${note(entries, hidden, isCut)}</p>`;
  return renderPage(LISTING_PAGE, path, main);
}

/** The folders above, each a link; relative, so that a proxy may serve them under another path. */
function crumbs(path: string): string {
  const names = path.split("/").slice(1, -1);
  const above = ["/", ...names.slice(0, -1)];
  if (names.length === 0) return "<nav></nav>";
  const links = above.map((name, index) => {
    const href = "../".repeat(names.length - index);
    return `<a href="${href}">${escapeHtml(name === "/" ? "Home" : name)}</a>`;
  });
  return `<nav aria-label="Folders above">${links.join("<span>/</span>")}<span>/</span></nav>`;
}

function heading(key: SortKey, order: Order): string {
  const current = key === order.by;
  const descending = current && !order.descending;
  const direction = order.descending ? "descending" : "ascending";
  const href = `?sort=${key}&amp;order=${descending ? "desc" : "asc"}`;
  const arrow = current ? (order.descending ? " ↓" : " ↑") : "";
  const sort = current ? ` aria-sort="${direction}"` : "";
  const link = `<a href="${href}">${HEADINGS[key]}${arrow}</a>`;
  return `<th class="${key}" scope="col"${sort}>${link}</th>`;
}

function row(entry: ListedEntry): string {
  const folder = entry.kind === "folder";
  const slash = folder ? "/" : "";
  const href = `./${encodeURIComponent(entry.name)}${slash}`;
  const size = folder ? "" : sizeText(entry.size);
  const iso = isoText(entry.mtimeMs);
  const time = `<time datetime="${iso}">${timeText(iso)}</time>`;
  return `<tr${folder ? ' class="folder"' : ""}>\
<td class="name"><a href="${escapeHtml(href)}">${escapeHtml(entry.name)}${slash}</a></td>\
<td class="size">${size}</td><td class="time">${time}</td></tr>`;
}

function note(entries: readonly ListedEntry[], hidden: number, isCut: boolean): string {
  const more = isCut ? `more than ${hidden}` : `${hidden} more`;
  if (hidden > 0) return `The first ${entries.length}; ${more} are not shown.`;
  if (entries.length === 0) return "This folder is empty.";
  const files = entries.filter(({ kind }) => kind === "file");
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const folders = entries.length - files.length;
  const parts = [];
  if (folders > 0) parts.push(folders === 1 ? "1 folder" : `${folders} folders`);
  if (files.length > 0) parts.push(files.length === 1 ? "1 file" : `${files.length} files`);
  return `${parts.join(", ")}${files.length > 0 ? `, ${sizeText(bytes)}` : ""}. Times are in UTC.`;
}

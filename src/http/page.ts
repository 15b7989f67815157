// The look of the pages that the server makes itself: the listing of a folder, the page of an
// error. One small style for light and dark; nothing is loaded from anywhere, so that the policy
// can forbid everything but that style, by its digest: markup that got past the escaping could
// still do nothing.
import { createHash } from "node:crypto";
import type { FieldList } from "../base/failure.ts";

const BASE_STYLE = `
:root{color-scheme:light dark;--ink:#1d2329;--soft:#646e78;--line:#e3e6ea;--ground:#fff;
--hover:#f4f6f8;--accent:#0b62c4}
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#98a3ae;--line:#30363d;
--ground:#14171a;--hover:#1d2226;--accent:#78b5f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);overflow-wrap:anywhere;
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{margin:0 0 1rem;font-size:1.5rem;font-weight:600;line-height:1.25}
a{color:var(--accent);text-decoration:none}
a:hover,a:focus-visible{text-decoration:underline}
`;

/** A kind of page: its style, and the fields that every page of it is sent with. */
export interface PageKind {
  readonly style: string;
  readonly fields: FieldList;
}

/** What a kind of page may do beside showing text, as sources of the policy; else nothing. */
export interface PageRights {
  readonly images?: string;
  readonly formAction?: string;
}

/** A kind of page with `style` of its own behind the common one. Made once, not once a page. */
export function pageKind(style: string, rights: PageRights = {}): PageKind {
  const { images = "'none'", formAction = "'none'" } = rights;
  const whole = BASE_STYLE + style;
  const digest = createHash("sha256").update(whole).digest("base64");
  const policy =
    `default-src 'none'; style-src 'sha256-${digest}'; img-src ${images}; ` +
    `base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`;
  const fields = [
    ["Content-Type", "text/html; charset=utf-8"],
    ["Content-Security-Policy", policy],
    ["X-Content-Type-Options", "nosniff"],
  ] as const;
  return { style: whole, fields };
}

/** The bytes of a page. `title` is text, `main` is markup. */
export function renderPage(kind: PageKind, title: string, main: string): Uint8Array {
  return Buffer.from(
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${kind.style}</style>
<main>
${main}
</main>
</html>
`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `text` as it may stand in markup, in attributes too; control characters show as U+FFFD. */
export function escapeHtml(text: string): string {
  if (!/[&<>"'\p{Cc}]/u.test(text)) return text;
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!)
    .replace(/\p{Cc}/gu, "\ufffd");
}

// What whoever writes an app sees of its errors, where the config says `dev = true`: in the form
// that is read, as of any error. All of it is text to the page, whoever made it up.
import { shownError } from "../../base/shown-error.ts";
import { formOf } from "../../http/errors/index.ts";
import { Reply, type Exchange } from "../../http/exchange/index.ts";
import { escapeHtml, pageKind, renderPage } from "../../http/page.ts";
import { sourceOf, type SourceLine } from "./error-source.ts";

const PAGE = pageKind(`
pre{padding:1rem;border:1px solid var(--line);border-radius:.4rem;overflow-x:auto;
font:.8125rem/1.5 ui-monospace,monospace;white-space:pre}
.at{display:block;background:var(--hover);font-weight:600}
.facts{color:var(--soft);font-size:.875rem}
`);

/** The 500 that tells all of `error`. */
export function devReply(error: unknown, exchange: Exchange): Reply {
  const { fields, body } = contentOf(error, exchange);
  return new Reply(
    500,
    [...fields, ["Cache-Control", "no-store"], ["X-Request-Id", exchange.id]],
    body,
  );
}

function contentOf(error: unknown, exchange: Exchange): Pick<Reply, "fields" | "body"> {
  switch (formOf(exchange.fields.get("accept"))) {
    case "html":
      return { fields: PAGE.fields, body: page(error, exchange) };
    case "json":
      return {
        fields: [["Content-Type", "application/problem+json"]],
        body: json(error, exchange),
      };
    case "text":
      return {
        fields: [["Content-Type", "text/plain; charset=utf-8"]],
        body: `${shownError(error)}\n`,
      };
  }
}

function titleOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}`
    : `thrown: ${shownError(error)}`;
}

function page(error: unknown, { method, request, id }: Exchange): Uint8Array {
  const source = sourceOf(error);
  const shown =
    source === null
      ? ""
      : `<p class="facts">${escapeHtml(source.place)}</p>
<pre>${source.lines.map(lineText).join("")}</pre>`;
  const title = titleOf(error);
  const main = `<h1>${escapeHtml(title)}</h1>
${shown}
<pre>${linesText(shownError(error))}</pre>
<p class="facts">${escapeHtml(`${method} ${request.target}`)} · request ${escapeHtml(id)} ·
shown because of <code>dev = true</code></p>`;
  return renderPage(PAGE, title, main);
}

function lineText({ number, text, isIt }: SourceLine): string {
  const line = `${String(number).padStart(5)}  ${escapeHtml(text)}`;
  return isIt ? `<span class="at">${line}</span>` : `${line}\n`;
}

// Line by line: a line's end is a control character, which would not be shown.
function linesText(text: string): string {
  return text.split("\n").map(escapeHtml).join("\n");
}

function json(error: unknown, { id }: Exchange): string {
  const problem = {
    type: "about:blank",
    title: titleOf(error),
    status: 500,
    detail: shownError(error),
    id,
  };
  return `${JSON.stringify(problem)}\n`;
}

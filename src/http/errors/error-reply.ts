// The answer to a failure, in the form that the client reads: a small page for browsers, problem
// details for programs that ask for JSON (RFC 9457), else a line of text. None of the three holds
// anything that the client sent, and none is kept by caches: the next answer may be another.
import type { FieldList } from "../../base/failure.ts";
import { reasonPhrase } from "../../protocol/index.ts";
import { Reply } from "../exchange/index.ts";
import { escapeHtml, pageKind, renderPage } from "../page.ts";
import { formOf } from "./form.ts";

/** What an error answer is made of. */
export interface ErrorFacts {
  /** The request's Accept, null where there is none or no whole request. */
  readonly accept: string | null;
  readonly status: number;
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
  /** The request's id, which the log repeats. */
  readonly id: string;
  /** Take the place of the answer's own fields of the same name, but for what says what it is. */
  readonly fields: FieldList;
  /** The site's own page, in place of the small one; other forms stay. */
  readonly page?: { readonly bytes: Uint8Array; readonly type: string } | null;
}

const PAGE = pageKind(`
main{padding-top:18vh;max-width:36rem}
.status{margin:0;color:var(--soft);font-size:1rem;font-weight:600;letter-spacing:.06em}
.id{margin-top:2rem;padding-top:.75rem;border-top:1px solid var(--line);color:var(--soft);
font-size:.8125rem}
`);

const NOSNIFF = ["X-Content-Type-Options", "nosniff"] as const;

/** The answer to a failure. Statuses that have no content (RFC 9110 §6.4.1) get none. */
export function errorReply(facts: ErrorFacts): Reply {
  const { status, id } = facts;
  const common: FieldList = [
    ["Cache-Control", "no-store"],
    ["X-Request-Id", id],
  ];
  if (status === 204 || status === 205 || status === 304) {
    return new Reply(status, joined([], common, facts.fields));
  }
  const { fields, body } = contentOf(facts);
  return new Reply(status, joined(fields, common, facts.fields), body);
}

interface Content {
  readonly fields: FieldList;
  readonly body: Uint8Array;
}

function contentOf(facts: ErrorFacts): Content {
  switch (formOf(facts.accept)) {
    case "html":
      return facts.page ? typed(facts.page.type, facts.page.bytes) : smallPage(facts);
    case "json":
      return typed("application/problem+json", Buffer.from(problemDetails(facts)));
    case "text":
      return typed("text/plain; charset=utf-8", Buffer.from(plainText(facts)));
  }
}

function typed(type: string, body: Uint8Array): Content {
  return { fields: [["Content-Type", type], NOSNIFF], body };
}

function smallPage({ status, message, id }: ErrorFacts): Content {
  const title = titleOf(status);
  const main = `<p class="status">${status}</p>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message)}</p>
<p class="id">Request ${escapeHtml(id)}</p>`;
  return { fields: PAGE.fields, body: renderPage(PAGE, `${status} ${title}`, main) };
}

function problemDetails({ status, message, code, id }: ErrorFacts): string {
  // "about:blank": the problem is what the status says, so the title is the status's own (§4.2.1).
  const problem = {
    type: "about:blank",
    title: titleOf(status),
    status,
    detail: message,
    code,
    id,
  };
  return `${JSON.stringify(problem)}\n`;
}

function plainText({ status, message, id }: ErrorFacts): string {
  return `${status} ${titleOf(status)}: ${message}\nRequest ${id}\n`;
}

function titleOf(status: number): string {
  return reasonPhrase(status) || "Error";
}

/** `content` first, then `common` but for what `given` says otherwise, then `given`. */
function joined(content: FieldList, common: FieldList, given: FieldList): FieldList {
  const said = new Set(content.map(([name]) => name.toLowerCase()));
  const kept = given.filter(([name]) => !said.has(name.toLowerCase()));
  const named = new Set(kept.map(([name]) => name.toLowerCase()));
  return [...content, ...common.filter(([name]) => !named.has(name.toLowerCase())), ...kept];
}

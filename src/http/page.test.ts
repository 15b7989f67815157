import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { escapeHtml, pageKind, renderPage } from "./page.ts";

for (const [text, expected] of [
  ["plain", "plain"],
  [`<b class="x" id='y'>&amp;`, "&lt;b class=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;"],
  ["a\r\nb\0c\x7f\x85", "a\ufffd\ufffdb\ufffdc\ufffd\ufffd"],
] as const) {
  test(`${JSON.stringify(text)} stands in markup as ${expected}`, () => {
    assert.equal(escapeHtml(text), expected);
  });
}

test("a page's policy allows its own style and nothing else", () => {
  const kind = pageKind("p{color:red}");
  const page = Buffer.from(renderPage(kind, "Title", "<p>text</p>")).toString();
  const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? "";
  const digest = createHash("sha256").update(style).digest("base64");
  const policy = kind.fields.find(([name]) => name === "Content-Security-Policy")?.[1];
  assert.match(style, /p\{color:red\}$/);
  assert.ok(policy?.startsWith(`default-src 'none'; style-src 'sha256-${digest}';`));
});

test("a page's title is text", () => {
  const page = Buffer.from(renderPage(pageKind(""), "</title><script>", "")).toString();
  assert.ok(!page.includes("<script>"));
});

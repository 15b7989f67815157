import assert from "node:assert/strict";
import { test } from "node:test";
import { formOf } from "./form.ts";

const BROWSER =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

for (const [accept, form] of [
  [BROWSER, "html"],
  ["text/html", "html"],
  ["text/html, text/plain, text/css, */*;q=0.01", "html"],
  ["application/json;q=0.5, text/html", "html"],
  ["application/problem+json", "json"],
  ["application/json", "json"],
  ["application/json, text/plain, */*", "json"],
  ["text/html;q=0.5, application/json", "json"],
  ["application/*", "json"],
  [null, "text"],
  ["", "text"],
  ["*/*", "text"],
  [" */*;q=0.8", "text"],
  ["text/plain", "text"],
  ["image/avif,image/webp,image/*,*/*;q=0.8", "text"],
  ["text/html;q=0", "text"],
  ["text/html;q=0, */*", "text"],
  [";;q=9,,/", "text"],
  ["text/htmlx", "text"],
] as const) {
  test(`a client that accepts ${JSON.stringify(accept)} gets ${form}`, () => {
    assert.equal(formOf(accept), form);
  });
}

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { exchangeOf, withTemporaryFolder } from "../../testing/index.ts";
import { devReply } from "./dev-reply.ts";

function shown(
  error: unknown,
  accept: string | null,
  target = "/",
): { type: string; text: string } {
  const fields: Record<string, string> = accept === null ? {} : { Accept: accept };
  const reply = devReply(error, exchangeOf({ fields, target }));
  assert.equal(reply.status, 500);
  const said = new Map(reply.fields);
  assert.equal(said.get("X-Request-Id"), "test-id");
  assert.equal(said.get("Cache-Control"), "no-store");
  return { type: said.get("Content-Type")!, text: Buffer.from(reply.body as string).toString() };
}

const hostile = "<img src=x onerror=alert(1)>\"'&";

for (const error of [new Error(hostile), hostile, { toString: () => hostile, why: hostile }]) {
  test(`nothing of ${typeof error} is markup on the page`, () => {
    const { type, text } = shown(error, "text/html", `/${encodeURI(hostile)}?<b>`);
    assert.match(type, /^text\/html/);
    assert.doesNotMatch(text, /<img|<b>|onerror=alert\(1\)>"/);
    assert.match(text, /&lt;img/);
  });
}

test("the form is the one that is read", () => {
  const error = new Error("why", { cause: new Error("deeper") });
  const { type, text } = shown(error, "application/json");
  assert.equal(type, "application/problem+json");
  const problem = JSON.parse(text) as { title: string; detail: string; id: string };
  assert.equal(problem.title, "Error: why");
  assert.match(problem.detail, /deeper/);
  assert.match(shown(error, null).type, /^text\/plain/);
  assert.match(shown(error, null).text, /^Error: why\n {4}at [^]*deeper/);
});

test("the lines around the place are shown, and which it is", async () => {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "app.mjs");
    const lines = ["// one", "export function go() {", "  throw new Error('<here>');", "}"];
    await writeFile(file, lines.join("\n"));
    const { go } = (await import(pathToFileURL(file).href)) as { go: () => never };
    let thrown: unknown;
    try {
      go();
    } catch (error) {
      thrown = error;
    }
    const { text } = shown(thrown, "text/html");
    assert.match(text, /app\.mjs:3:9/);
    assert.match(
      text,
      /<span class="at"> +3 {4}throw new Error\(&#39;&lt;here&gt;&#39;\);<\/span>/,
    );
    assert.match(text, / {4}1 {2}\/\/ one/);
  });
});

for (const stack of [
  undefined,
  1,
  "",
  "Error\n    at file:///none/there.ts:1:1",
  "at file:///:1:1",
]) {
  test(`an error whose stack is ${JSON.stringify(stack)} is shown without source`, () => {
    const error = Object.assign(new Error("why"), { stack });
    assert.match(shown(error, "text/html").text, /<h1>Error: why<\/h1>/);
  });
}

test("what can't be shown does not break the page", () => {
  const get = (): never => {
    throw new Error("no");
  };
  const error = { constructor: new Proxy(Object, { get }) };
  assert.match(shown(error, "text/html").text, /can&#39;t be shown/);
});

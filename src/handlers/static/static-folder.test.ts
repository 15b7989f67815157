import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { loadConfig } from "../../config/index.ts";
import { Reply } from "../../http/exchange/index.ts";
import { servedFolder, type ServedFolder } from "../../testing/index.ts";
import { staticHandler } from "./handler.ts";
import { options } from "./options.ts";

const FILES = {
  "index.html": "<h1>home</h1>",
  "a b.txt": "grüße",
  "app.js": "let plain;",
  "app.js.gz": "gzip bytes",
  "app.js.br": "brotli bytes",
  "stale.js": "let fresh;",
  "stale.js.gz": "an older version",
  "bare.js": "let bare;",
  "x.php": "<?php secret();",
  "x.php.gz": "secret",
  "notes.log": "log",
  "page.html": "page",
  "docs/index.html": "docs",
  "docs/deep/a.txt": "a",
  "empty/.keep": "",
  "php/index.php": "<?php secret();",
  ".env": "SECRET",
};

/** A folder with `files` in it, served as `toml` says. */
function served(
  files: Readonly<Record<string, string>>,
  toml = "",
  claimedSuffixes: readonly string[] = [],
): Promise<ServedFolder> {
  return servedFolder(
    files,
    (folder, context) => {
      const text = `root = ${JSON.stringify(folder)}\n${toml}\n`;
      const loaded = loadConfig(text, "static.toml", options);
      if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join());
      return staticHandler(loaded.value, context);
    },
    claimedSuffixes,
  );
}

function redirectOf(reply: Reply): string | undefined {
  return reply.fields.find(([name]) => name === "Location")?.[1];
}

async function assertStatus(site: ServedFolder, target: string, expected: string | number) {
  const answer = await site.ask(target);
  const seen = answer instanceof Failure ? answer.code : answer.status;
  assert.equal(seen, expected, target);
}

for (const [target, body, type] of [
  ["/", "<h1>home</h1>", "text/html; charset=utf-8"],
  ["/a%20b.txt", "grüße", "text/plain; charset=utf-8"],
  ["/docs/", "docs", "text/html; charset=utf-8"],
  ["/docs/deep/a.txt?query=../..", "a", "text/plain; charset=utf-8"],
] as const) {
  test(`${target} is served`, async () => {
    await using site = await served(FILES);
    const { text, field } = await site.get(target);
    assert.equal(text, body);
    assert.equal(field("content-type"), type);
  });
}

test("what the cache knows is answered in the same turn", async () => {
  await using site = await served(FILES);
  for (const target of ["/bare.js", "/app.js", "/", "/docs/"]) {
    await site.get(target);
    await site.get(target);
    const answer = site.answer(target);
    assert.ok(answer instanceof Reply, `${target} was a promise`);
    site.release(answer);
  }
});

for (const [target, expected] of [
  ["/docs", "/docs/"],
  ["/docs/deep?a=b", "/docs/deep/?a=b"],
  ["/do%63s", "/do%63s/"],
] as const) {
  test(`${target} is sent to ${expected}`, async () => {
    await using site = await served(FILES);
    const answer = await site.ask(target);
    assert.ok(answer instanceof Reply);
    assert.equal(answer.status, 301);
    assert.equal(redirectOf(answer), expected);
  });
}

for (const [target, code] of [
  ["/none", "notFound"],
  ["/empty/", "notFound"],
  ["/page.html/", "notFound"],
  ["/page.html/x", "notFound"],
  ["/.env", "notFound"],
  ["/docs//deep/a.txt", "notFound"],
  ["//docs", "notFound"],
  ["//evil.example/", "notFound"],
  ["/%2Fetc/passwd", "notFound"],
  [`/${"n".repeat(300)}`, "notFound"],
] as const) {
  test(`${target.slice(0, 30)} is ${code}`, async () => {
    await using site = await served(FILES);
    await assertStatus(site, target, code);
  });
}

test("the first index file that is there is served", async () => {
  await using site = await served(FILES, 'index = ["none.html", "a.txt", "page.html"]');
  assert.equal((await site.get("/docs/deep/")).text, "a");
  assert.equal((await site.get("/")).text, "page");
});

for (const [accepted, text, encoding] of [
  ["gzip", "gzip bytes", "gzip"],
  ["gzip, br", "brotli bytes", "br"],
  ["gzip;q=1, br;q=0.5", "gzip bytes", "gzip"],
  ["gzip;q=0", "let plain;", undefined],
  ["zstd", "let plain;", undefined],
  ["", "let plain;", undefined],
] as const) {
  test(`who accepts ${JSON.stringify(accepted)} gets ${text}, and caches are told`, async () => {
    await using site = await served(FILES);
    const seen = await site.get("/app.js", { "Accept-Encoding": accepted });
    assert.equal(seen.text, text);
    assert.equal(seen.field("content-encoding"), encoding);
    assert.equal(seen.field("content-type"), "text/javascript; charset=utf-8");
    assert.equal(seen.field("vary"), "Accept-Encoding");
  });
}

test("a sibling that is older than its file is not sent", async () => {
  await using site = await served(FILES);
  await site.touch("stale.js.gz", 1_000_000_000);
  const seen = await site.get("/stale.js", { "Accept-Encoding": "gzip" });
  assert.equal(seen.text, "let fresh;");
  assert.equal(seen.field("vary"), undefined);
});

test("siblings are not looked for where they are not wanted", async () => {
  await using site = await served(FILES, "precompressed = false");
  const seen = await site.get("/app.js", { "Accept-Encoding": "br, gzip" });
  assert.equal(seen.text, "let plain;");
  assert.equal(seen.field("vary"), undefined);
});

test("a 304 says what the answer depends on, too", async () => {
  await using site = await served(FILES, 'cacheControl = "max-age=60"');
  const first = await site.get("/app.js", { "Accept-Encoding": "br" });
  const etag = first.field("etag") ?? "";
  const seen = await site.get("/app.js", { "Accept-Encoding": "br", "If-None-Match": etag });
  assert.equal(seen.status, 304);
  assert.equal(seen.field("vary"), "Accept-Encoding");
  assert.equal(seen.field("cache-control"), "max-age=60");
  const plain = await site.get("/app.js", { "If-None-Match": etag });
  assert.equal(plain.status, 200, "the plain file has another tag");
});

for (const target of ["/x.php", "/x.php/more", "/X.PHP", "/x.php.gz", "/php/", "/none.php"]) {
  test(`${target} is forbidden where a route claims .php`, async () => {
    await using site = await served(FILES, 'index = ["index.php"]', [".php"]);
    await assertStatus(site, target, "forbidden");
  });
}

test("a claimed file is forbidden by `try` too", async () => {
  await using site = await served(FILES, 'try = ["{path}", "{path}.php", "=404"]', [".php"]);
  await assertStatus(site, "/x", "forbidden");
});

test("sources are served where they are wanted", async () => {
  await using site = await served(FILES, "sources = true", [".php"]);
  assert.equal((await site.get("/x.php")).text, "<?php secret();");
});

test("options set Cache-Control, media type, and that a file is saved", async () => {
  const options = 'cacheControl = "no-cache"\ndownload = true\nmediaTypes = { ".log" = "a/b" }';
  await using site = await served(FILES, options);
  const { field } = await site.get("/notes.log");
  assert.equal(field("cache-control"), "no-cache");
  assert.equal(field("content-type"), "a/b");
  assert.match(field("content-disposition") ?? "", /^attachment; filename="notes\.log"/);
});

test("`try` looks in order, and ends in a status", async () => {
  await using site = await served(FILES, 'try = ["{path}", "{path}.html", "=410"]');
  assert.equal((await site.get("/page")).text, "page");
  assert.equal((await site.get("/page.html")).text, "page");
  assert.equal((await site.get("/docs/")).text, "docs");
  await assertStatus(site, "/none", "gone");
  await assertStatus(site, "/docs", 301);
});

test("`try` sends what is not there to its last target, query and all", async () => {
  await using site = await served(FILES, 'try = ["{path}", "/page.html"]');
  assert.equal((await site.get("/no/such/page?a=b")).text, "page");
  assert.deepEqual(site.sentOn, ["/page.html?a=b"]);
});

for (const target of ["/none.html", "/x/{path}"]) {
  test(`a \`try\` that ends in ${target}, which is not there, ends`, async () => {
    await using site = await served(FILES, `try = ["{path}", "${target}"]`);
    await assertStatus(site, "/no/such/page", "notFound");
    assert.equal(site.sentOn.length, 1);
  });
}

test("a folder is listed where that is wanted, but never before its index file", async () => {
  await using site = await served(FILES, "list = true");
  assert.equal((await site.get("/docs/")).text, "docs");
  const page = await site.get("/docs/deep/", { Accept: "text/html" });
  assert.equal(page.field("content-type"), "text/html; charset=utf-8");
  assert.equal(page.field("vary"), "Accept");
  assert.match(page.text, /href="\.\/a\.txt"/);
  const list = await site.get("/docs/deep/", { Accept: "application/json" });
  assert.equal(list.field("content-type"), "application/json");
  const [entry] = JSON.parse(list.text);
  assert.deepEqual(Object.keys(entry), ["name", "kind", "size", "modified"]);
  assert.deepEqual([entry.name, entry.kind, entry.size], ["a.txt", "file", 1]);
});

test("a listing leaves out what no request can ask for", async () => {
  await using site = await served(
    { "a\nb": "", "c\x7f": "", "d%2Fe": "", "é\"'<": "" },
    "list = true",
  );
  await site.writeRaw(Buffer.from([0x66, 0xff]));
  const { text } = await site.get("/", { Accept: "application/json" });
  assert.deepEqual(
    JSON.parse(text).map(({ name }: { name: string }) => name),
    ["é\"'<"],
  );
});

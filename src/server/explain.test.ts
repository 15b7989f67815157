import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadServerConfig } from "./check.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import {
  explainRequest,
  parseExplainTarget,
  renderExplanation,
  type Explanation,
  type ExplainTarget,
} from "./explain.ts";

const folder = mkdtempSync(join(tmpdir(), "portico-explain-"));
after(() => rmSync(folder, { recursive: true }));
for (const name of ["www", "pictures"]) mkdirSync(join(folder, name));

const SITES = `[[site]]
hosts = ["a.test", "*.a.test"]
root = "www"

  [[site.route]]
  path = "/pics/*"
  static = { root = "pictures" }

  [[site.route]]
  path = "/old/*"
  redirect = { to = "/new/" }
  methods = ["GET"]
  [[site.route]]
  path = "/kept/*"
  static = { root = "pictures" }
  internal = true
  [[site.route]]
  path = "/robots.txt"
  static = { root = "pictures" }
  [[site.route]]
  path = "*.php"
  respond = { status = 410, body = "Gone." }
[[site]]
hosts = ["b.test"]
`;

function loaded(text: string): LoadedConfig {
  const config = loadServerConfig(text, join(folder, "portico.toml"));
  assert.ok(!Array.isArray(config), JSON.stringify(config));
  return config;
}

function explained(request: string, text = SITES): Explanation {
  const target = parseExplainTarget(request);
  assert.notEqual(typeof target, "string", target as string);
  return explainRequest(loaded(text), target as ExplainTarget);
}

test("the route, its line, its handler and what it looks up are named", () => {
  const { site, route, looksUp, answer } = explained("GET http://a.test/pics/a%20b.png?x=1");
  assert.deepEqual(site, { number: 1, line: 2, by: "a.test" });
  assert.deepEqual(route, { path: "/pics/*", line: 6, handler: "static" });
  assert.equal(looksUp, join(folder, "pictures", "a b.png"));
  assert.equal(answer, null);
});

test("a site's `root` is a route at /*, with the line of `root`", () => {
  const { route, looksUp } = explained("GET http://x.a.test:8080/index.html");
  assert.deepEqual(route, { path: "/*", line: 3, handler: "static" });
  assert.equal(looksUp, join(folder, "www", "index.html"));
});

const PROGRAMS = `[[site]]
route = [
  { path = "/run/*", cgi = { root = "www" } },
  { path = "/one/*", cgi = { script = "/bin/sh" } },
  { path = "/app/*", fastcgi = { address = "127.0.0.1:9000" } },
]
`;

test("what is looked up is a whole path, a script on the way to it, or nothing", () => {
  const looksUp = (url: string, text = SITES) => explained(`GET http://${url}`, text).looksUp;
  assert.equal(looksUp("a.test/robots.txt"), join(folder, "pictures", "robots.txt"));
  assert.equal(looksUp("a.test/old/x"), null);
  assert.match(looksUp("localhost/run/a", PROGRAMS)!, /^the first script on the way to .*www.a$/);
  assert.equal(looksUp("localhost/one/more", PROGRAMS), "/bin/sh");
  assert.equal(looksUp("localhost/app/more", PROGRAMS), null);
});

test("routes that match and lose are named with the reason", () => {
  const { route, others } = explained("GET http://a.test/x.php");
  assert.equal(route?.path, "*.php");
  assert.deepEqual(others, [{ path: "/*", line: 3, handler: "static", because: "suffixWins" }]);
});

const ANYTHING = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const ANSWERED = [
  { request: "GET http://c.test/", status: 421, allow: null },
  { request: "GET http://b.test/", status: 404, allow: null },
  { request: "GET http://a.test/kept/x", status: 404, allow: null },
  { request: "OPTIONS http://a.test/kept/x", status: 404, allow: null },
  { request: "POST http://a.test/pics/x", status: 405, allow: "GET, HEAD, OPTIONS" },
  { request: "POST http://a.test/old/x", status: 405, allow: "GET, HEAD, OPTIONS" },
  { request: "BREW http://a.test/pics/x", status: 501, allow: null },
  { request: "TRACE http://a.test/pics/x", status: 405, allow: "GET, HEAD, OPTIONS" },
  { request: "TRACE http://a.test/x.php", status: 405, allow: ANYTHING },
  { request: "OPTIONS http://a.test/pics/", status: 204, allow: "GET, HEAD, OPTIONS" },
  { request: "OPTIONS http://a.test/old/x", status: 204, allow: "GET, HEAD, OPTIONS" },
];
for (const { request, status, allow } of ANSWERED) {
  test(`${request} is ${status} before a handler is asked`, () => {
    const { answer } = explained(request);
    assert.deepEqual([answer?.status, answer?.allow], [status, allow]);
  });
}

for (const request of ["HEAD http://a.test/old/x", "POST http://a.test/x.php"]) {
  test(`${request} is the handler's`, () => {
    assert.equal(explained(request).answer, null);
  });
}

const BOUNDED = `[limits]\ntargetBytes = 64\n${SITES}`;
const TARGETS = [
  { target: `/${"x".repeat(63)}`, status: null },
  { target: `/${"x".repeat(64)}`, status: 414 },
  { target: `/?${"x".repeat(62)}`, status: null },
  { target: `/?${"x".repeat(63)}`, status: 414 },
  { target: `/${"x".repeat(63)}?`, status: 414 },
  { target: `/${"x".repeat(63)}#top`, status: null },
  { target: `/${"ü".repeat(11)}`, status: 414 },
];
for (const { target, status } of TARGETS) {
  test(`with 64 bytes for a target, ${target} is ${status ?? "taken"}`, () => {
    const { answer, route } = explained(`GET http://a.test${target}`, BOUNDED);
    assert.equal(answer?.status ?? null, status);
    assert.equal(route === null, status === 414);
  });
}

test("a target that is too long is answered before anything is looked at", () => {
  const request = `GET http://a.test/${"x".repeat(64)}`;
  const text = renderExplanation(explained(request, BOUNDED));
  assert.match(text, /^GET \S+\n {2}answer 414: [^\n]+\n$/);
});

const TRIES = [
  {
    entries: `"{path}", "{path}.html", "/index.html"`,
    says:
      'the first of "{path}", "{path}.html" that is in WWW; ' +
      'else answered as "/index.html" would be',
  },
  { entries: `"{path}", "=410"`, says: 'the first of "{path}" that is in WWW; else answered 410' },
  {
    entries: `"{path}.html"`,
    says: 'the first of "{path}.html" that is in WWW; else answered 404',
  },
  { entries: `"/app"`, says: 'answered as "/app" would be' },
];
for (const { entries, says } of TRIES) {
  test(`try = [${entries}] is told in words`, () => {
    const route = `path = "/*"\nstatic = { root = "www", try = [${entries}] }`;
    const text = `[[site]]\n[[site.route]]\n${route}`;
    const explanation = explained("GET http://localhost/a/b", text);
    const words = says.replace("WWW", join(folder, "www"));
    assert.deepEqual([explanation.tries, explanation.looksUp], [words, null]);
    assert.ok(renderExplanation(explanation).includes(`\n  try    ${words}\n`));
  });
}

const LOOPBACK = `[[site]]\nroot = "www"\n`;
const GUARD = [
  { request: "GET http://localhost/", text: LOOPBACK, guard: "passed" },
  { request: "GET http://[0:0::1]:80/", text: LOOPBACK, guard: "passed" },
  { request: "GET http://evil.example/", text: LOOPBACK, guard: "refused" },
  { request: "GET http://a.test/", text: SITES, guard: "off" },
  {
    request: "GET http://evil.example/",
    text: `[[listen]]\naddress = "0.0.0.0:0"\n${LOOPBACK}`,
    guard: "off",
  },
  {
    request: "GET http://evil.example/",
    text: `[[listen]]\naddress = "unix:p.sock"\n${LOOPBACK}`,
    guard: "exempt",
  },
];
for (const { request, text, guard } of GUARD) {
  test(`the guard is ${guard} for ${request} with ${text.split("\n")[1]}`, () => {
    const seen = explained(request, text);
    assert.equal(seen.guard, guard);
    assert.equal(seen.answer?.status ?? null, guard === "refused" ? 421 : null);
  });
}

test("the text names every step", () => {
  const file = join(folder, "portico.toml");
  assert.equal(
    renderExplanation(explained("GET http://a.test/pics/a.png")),
    [
      "GET http://a.test/pics/a.png",
      "  guard  off: the server is open to others, or its sites name their hosts",
      `  site   1 (${file}:2): it names a.test`,
      `  route  /pics/* (${file}:6): static`,
      `  file   ${join(folder, "pictures", "a.png")}`,
      `  not    /* (${file}:3): static: a longer prefix wins over it`,
      "",
    ].join("\n"),
  );
  const refused = renderExplanation(explained("PUT http://a.test/pics/a.png"));
  assert.match(refused, /^ {2}answer 405: .* It takes GET, HEAD, OPTIONS\.$/m);
  assert.doesNotMatch(refused, /^ {2}file/m);
  assert.match(renderExplanation(explained("GET http://evil.example/", LOOPBACK)), /answer 421/);
});

const MALFORMED = [
  { text: "", says: "a method and a URL" },
  { text: "GET", says: "a method and a URL" },
  { text: "http://localhost/", says: "a method and a URL" },
  { text: "GET http://localhost/ HTTP/1.1", says: "a method and a URL" },
  { text: "get http://localhost/", says: "write GET" },
  { text: "G(T http://localhost/", says: "is no method" },
  { text: "GET /a/b", says: "is no URL" },
  { text: "GET localhost/a", says: "is no URL" },
  { text: "GET ftp://localhost/a", says: "is no URL" },
  { text: "GET http:///a", says: "400" },
  { text: "CONNECT localhost:80", says: "answered 501: This server is not a proxy" },
  { text: "CONNECT http://localhost/", says: "answered 501" },
  { text: "GET http://me@localhost/", says: "400" },
  { text: "GET http://localhost:port/", says: "400" },
  { text: "GET http://[::1/", says: "400" },
  { text: "GET http://localhost/%zz", says: "400" },
  { text: "GET http://localhost/%00", says: "400" },
  { text: "GET http://localhost/a/../b", says: "dot segments" },
];
for (const { text, says } of MALFORMED) {
  test(`${JSON.stringify(text)} cannot be explained, and words say why`, () => {
    const words = parseExplainTarget(text);
    assert.equal(typeof words, "string");
    assert.ok((words as string).includes(says), words as string);
  });
}

test("what browsers do to a URL is done before it is read", () => {
  const target = parseExplainTarget("GET HTTP://LocalHost:8080/grüße?q=ü#top");
  assert.notEqual(typeof target, "string");
  const { method, host, path } = target as ExplainTarget;
  assert.deepEqual([method, host, path], ["GET", "localhost", "/grüße"]);
});

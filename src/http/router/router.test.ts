import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { parsePattern, type Pattern } from "./pattern.ts";
import { Router, type SiteSpec } from "./router.ts";

function site(paths: readonly string[], hosts: readonly string[] = []): SiteSpec<string> {
  const routes = paths.map((path) => ({ pattern: parsePattern(path) as Pattern, value: path }));
  return { hosts, routes };
}

function found(router: Router<string>, host: string, path: string, exempt = false): string {
  const match = router.lookup(host, path, exempt);
  return match instanceof Failure ? match.code : match.route;
}

const ROUTES = site([
  "/gone",
  "/a/*",
  "/a/b/*",
  "/a/b/*.php",
  "*.php",
  "*.inc.php",
  "*.py",
  "/upload/*",
  "/a/b/exact.php",
  "/strict/*.txt",
]);
const WITH_ALL = new Router([{ ...ROUTES, routes: [...ROUTES.routes, ...site(["/*"]).routes] }], {
  loopbackOnly: false,
});
const WITHOUT_ALL = new Router([ROUTES], { loopbackOnly: false });

const ANSWERS = [
  { path: "/gone", route: "/gone", prefixLength: 5 },
  { path: "/gone/", route: "/*", prefixLength: 1 },
  { path: "/gone.php", route: "*.php", prefixLength: 1 },
  { path: "/a", route: "/a/*", prefixLength: 3 },
  { path: "/a/", route: "/a/*", prefixLength: 3 },
  { path: "/ab", route: "/*", prefixLength: 1 },
  { path: "/a/b", route: "/a/b/*", prefixLength: 5 },
  { path: "/a/bc", route: "/a/*", prefixLength: 3 },
  { path: "/a/x.php", route: "/a/*", prefixLength: 3 },
  { path: "/a/b/x.php", route: "/a/b/*.php", prefixLength: 1 },
  { path: "/a/b/x.php/more", route: "/a/b/*.php", prefixLength: 1 },
  { path: "/a/b/exact.php", route: "/a/b/exact.php", prefixLength: 14 },
  { path: "/a/b/exact.php/", route: "/a/b/*.php", prefixLength: 1 },
  { path: "/upload/x.php", route: "/upload/*", prefixLength: 8 },
  { path: "/upload.php", route: "*.php", prefixLength: 1 },
  { path: "/index.php/upload/x", route: "*.php", prefixLength: 1 },
  { path: "/x.inc.php", route: "*.inc.php", prefixLength: 1 },
  { path: "/x.php/y.inc.php", route: "*.php", prefixLength: 1 },
  { path: "/x.py/y.php", route: "*.py", prefixLength: 1 },
  { path: "/x.php/y.py", route: "*.php", prefixLength: 1 },
  { path: "/x.PHP", route: "/*", prefixLength: 1 },
  { path: "/x.php%2Fy", route: "/*", prefixLength: 1 },
  { path: "/strict/a.txt", route: "/strict/*.txt", prefixLength: 1 },
  { path: "/strict/a.txt.php", route: "*.php", prefixLength: 1 },
  { path: "/strict", route: "/*", prefixLength: 1 },
  { path: "//a/b", route: "/*", prefixLength: 1 },
  { path: "/", route: "/*", prefixLength: 1 },
];
for (const { path, route, prefixLength } of ANSWERS) {
  test(`${path} is answered by ${route}`, () => {
    const match = WITH_ALL.lookup("any.example", path, false);
    assert.ok(!(match instanceof Failure));
    assert.deepEqual([match.site, match.route, match.prefixLength], [0, route, prefixLength]);
  });
}

for (const path of [
  "/",
  "/x",
  "/A",
  "/gone/",
  "/ab",
  "/strict",
  "/strict/a.txtx",
  "*",
  "",
  "/x.PHP",
]) {
  test(`${JSON.stringify(path)} is not found where no route takes everything`, () => {
    assert.equal(found(WITHOUT_ALL, "any.example", path), "notFound");
  });
}

test("hosts choose the site, and a site's paths are its own", () => {
  const router = new Router(
    [site(["/a"], ["a.test"]), site(["/b"], ["*.a.test"]), site(["/c"], ["[::1]"])],
    { loopbackOnly: true },
  );
  assert.equal(found(router, "a.test", "/a"), "/a");
  assert.equal(found(router, "a.test.", "/a"), "/a");
  assert.equal(found(router, "x.a.test", "/b"), "/b");
  assert.equal(found(router, "[0:0::0001]", "/c"), "/c");
  assert.equal(found(router, "x.a.test", "/a"), "notFound");
  assert.equal(found(router, "b.test", "/a"), "hostUnknown");
  assert.equal(found(router, "localhost", "/a"), "hostUnknown");
  assert.equal(found(router, "", "/a"), "hostUnknown");
});

test("a host means its site whoever asks, as error answers need it", () => {
  const router = new Router([site([], ["a.test"]), site([])], { loopbackOnly: true });
  assert.deepEqual(
    ["A.test", "a.test.", "b.test", ""].map((host) => router.siteOf(host)),
    [1, 0, 1, 1],
  );
  assert.equal(new Router([site([], ["a.test"])], { loopbackOnly: true }).siteOf("b.test"), null);
});

test("a server without sites knows no host", () => {
  assert.equal(
    found(new Router<string>([], { loopbackOnly: false }), "a.test", "/"),
    "hostUnknown",
  );
});

const GUARDED = new Router([site(["/*"])], { loopbackOnly: true });
const GUARD = [
  { host: "localhost", code: "/*" },
  { host: "app.localhost", code: "/*" },
  { host: "127.9.9.9", code: "/*" },
  { host: "[::1]", code: "/*" },
  { host: "[::ffff:127.0.0.1]", code: "/*" },
  { host: "localhost.", code: "/*" },
  { host: "", code: "/*" },
  { host: "evil.example", code: "hostUnknown" },
  { host: "127.0.0.1.evil.example", code: "hostUnknown" },
  { host: "192.168.1.1", code: "hostUnknown" },
  { host: "0.0.0.0", code: "hostUnknown" },
  { host: ".", code: "hostUnknown" },
];
for (const { host, code } of GUARD) {
  test(`the loopback guard answers ${JSON.stringify(host)} with ${code}`, () => {
    assert.equal(found(GUARDED, host, "/"), code);
  });
}

test("a unix socket is exempt from the loopback guard", () => {
  assert.equal(found(GUARDED, "evil.example", "/", true), "/*");
});

test("the guard is off where any site names hosts: the others take any host still", () => {
  const router = new Router([site(["/a"], ["a.test"]), site(["/b"])], { loopbackOnly: true });
  assert.equal(found(router, "evil.example", "/b"), "/b");
});

test("an explanation names who lost, and to what", () => {
  const facts = WITH_ALL.explain("any.example.", "/a/b/x.php", false);
  assert.equal(facts.host, "any.example");
  assert.equal(facts.guard, "off");
  assert.deepEqual(facts.site, { site: 0, by: null });
  assert.equal(facts.match?.route, "/a/b/*.php");
  const losers = facts.losers.map(({ match, because }) => [match.route, because]);
  assert.deepEqual(losers, [
    ["/a/*", "longerPrefixWins"],
    ["/a/b/*", "suffixWins"],
    ["*.php", "longerPrefixWins"],
    ["/*", "longerPrefixWins"],
  ]);
});

test("an explanation says what an exact path and another suffix won against", () => {
  const exact = WITH_ALL.explain("a", "/a/b/exact.php", false);
  assert.deepEqual(new Set(exact.losers.map((loser) => loser.because)), new Set(["exactWins"]));
  const [loser] = WITH_ALL.explain("a", "/x.inc.php", false).losers;
  assert.deepEqual([loser?.match.route, loser?.because], ["*.php", "otherSuffixWins"]);
});

test("an explanation says what a parameter lost to, and won against", () => {
  const paths = ["/a/*", "/a/:x", "/a/b/*", "/:y/b", "/a/:x/*"];
  const router = new Router([site(paths)], { loopbackOnly: false });
  const literal = router.explain("a", "/a/b", false);
  assert.equal(literal.match?.route, "/a/b/*");
  const lost = literal.losers.map(({ match, because }) => [match.route, because]);
  assert.deepEqual(lost, [
    ["/a/*", "longerPrefixWins"],
    ["/a/:x", "literalWins"],
    ["/:y/b", "literalWins"],
    ["/a/:x/*", "literalWins"],
  ]);
  const param = router.explain("a", "/a/c", false);
  assert.equal(param.match?.route, "/a/:x");
  assert.deepEqual(
    param.losers.map(({ match, because }) => [match.route, because]),
    [
      ["/a/*", "exactWins"],
      ["/a/:x/*", "exactWins"],
    ],
  );
  assert.deepEqual(router.explain("a", "/a/c/d", false).losers[0]?.because, "longerPrefixWins");
});

test("an explanation stops where the lookup does", () => {
  const refused = GUARDED.explain("evil.example", "/", false);
  assert.deepEqual([refused.guard, refused.site, refused.match], ["refused", null, null]);
  assert.equal(GUARDED.explain("evil.example", "/", true).guard, "exempt");
  assert.equal(GUARDED.explain("localhost", "/", false).guard, "passed");
  const missed = WITHOUT_ALL.explain("a", "/x", false);
  assert.deepEqual([missed.match, missed.losers], [null, []]);
});

test("a host's answer does not depend on whom was asked before", () => {
  const sites = [site(["/*"], ["a.example"]), site(["/b"], ["b.example"])];
  const named = new Router(sites, { loopbackOnly: false });
  const local = new Router([site(["/*"])], { loopbackOnly: true });
  for (let round = 0; round < 2; round += 1) {
    assert.equal(found(named, "a.example", "/b"), "/*");
    assert.equal(found(named, "b.example", "/b"), "/b");
    assert.equal(found(named, "b.example", "/c"), "notFound");
    assert.equal(found(named, "c.example", "/b"), "hostUnknown");
    assert.equal(found(local, "evil.example", "/"), "hostUnknown");
    assert.equal(found(local, "evil.example", "/", true), "/*");
    assert.equal(found(local, "evil.example", "/"), "hostUnknown");
    assert.equal(found(local, "localhost", "/"), "/*");
  }
});

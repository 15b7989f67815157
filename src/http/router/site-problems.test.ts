import assert from "node:assert/strict";
import { test } from "node:test";
import { findSiteProblems, type SiteText } from "./site-problems.ts";

function site(over: Partial<SiteText>): SiteText {
  return { hosts: undefined, paths: [], hasRoot: false, ...over };
}

test("sites whose hosts and paths differ have no problem", () => {
  const sites = [
    site({ hosts: ["a.test", "*.a.test", "x.a.test"], paths: ["/a", "/a/", "/a/*", "/a/*.php"] }),
    site({ hosts: ["b.test"], paths: ["/a", "*.php", "*.inc.php", "/*"] }),
    site({ paths: ["/b"], hasRoot: true }),
  ];
  assert.deepEqual(findSiteProblems(sites), []);
});

const BAD: { sites: SiteText[]; path: (string | number)[]; says: string }[] = [
  { sites: [site({}), site({})], path: ["site", 1], says: "so does site 1" },
  { sites: [site({ hosts: [] })], path: ["site", 0, "hosts"], says: "leave `hosts` out" },
  {
    sites: [site({ hosts: ["a.test"] }), site({ hosts: ["b.test", "A.TEST."] })],
    path: ["site", 1, "hosts", 1],
    says: "already a host of site 1",
  },
  {
    sites: [site({ hosts: ["*.a.test", "*.a.test"] })],
    path: ["site", 0, "hosts", 1],
    says: "already a host of this site",
  },
  { sites: [site({ hosts: ["a:80"] })], path: ["site", 0, "hosts", 0], says: "port" },
  {
    sites: [site({ paths: ["/a/*", "/b", "/a/*"] })],
    path: ["site", 0, "route", 2, "path"],
    says: 'never match: route 1 of the site has the path "/a/*"',
  },
  {
    sites: [site({ paths: ["/*.php", "*.php"] })],
    path: ["site", 0, "route", 1, "path"],
    says: 'never match: route 1 of the site has the path "/*.php"',
  },
  {
    sites: [site({ paths: ["/u/:id", "/u/*", "/u/:name"] })],
    path: ["site", 0, "route", 2, "path"],
    says: 'never match: route 1 of the site has "/u/:id", which differs in names alone',
  },
  { sites: [site({ paths: ["a"] })], path: ["site", 0, "route", 0, "path"], says: 'write "/a"' },
  {
    sites: [site({ paths: ["/*"], hasRoot: true })],
    path: ["site", 0, "route", 0, "path"],
    says: "`root` is a route",
  },
];
for (const { sites, path, says } of BAD) {
  test(`a problem at ${path.join(".")} says: ${says}`, () => {
    const problems = findSiteProblems(sites);
    assert.deepEqual(
      problems.map((problem) => problem.path),
      [path],
    );
    assert.ok(problems[0]!.message.includes(says), problems[0]!.message);
  });
}

test("what could not be read is left out of account, and the rest keeps its place", () => {
  const sites = [
    site({ hosts: null, paths: [null, "/a", null, "/a"] }),
    site({ hosts: [null, "a.test", "a.test"] }),
    site({}),
  ];
  assert.deepEqual(
    findSiteProblems(sites).map(({ path }) => path),
    [
      ["site", 1, "hosts", 2],
      ["site", 0, "route", 3, "path"],
    ],
  );
});

test("every site too many for any host is told the first one", () => {
  const problems = findSiteProblems([site({}), site({}), site({})]);
  const places = problems.map(({ path, message }) => [
    path[1],
    message.includes("so does site 1:"),
  ]);
  assert.deepEqual(places, [
    [1, true],
    [2, true],
  ]);
});

test("all problems come at once", () => {
  const sites = [site({ hosts: ["", "a b"], paths: ["x", "/a", "/a", "/a"] }), site({}), site({})];
  assert.equal(findSiteProblems(sites).length, 6);
});

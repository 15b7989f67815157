import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsePattern, patternMatches, type Pattern } from "./pattern.ts";
import { RouteTable } from "./route-table.ts";

function tableOf(paths: readonly string[]): RouteTable<string> {
  const matches = paths.map((path, index) => {
    const pattern = parsePattern(path) as Pattern;
    return { site: 0, index, pattern, route: path, prefixLength: pattern.prefixLength };
  });
  return new RouteTable(matches);
}

const PATHS = [
  "/a/b/*",
  "/a/:x/c",
  "/a/:x/*",
  "/a/b/d/e",
  "/:y/b/:z",
  "/a/*",
  "/s/*.php",
  "/s/:f",
  "/s/",
];
const FOUND = [
  { path: "/a/b/c", route: "/a/b/*" },
  { path: "/a/b", route: "/a/b/*" },
  { path: "/a/b/d/e", route: "/a/b/d/e" },
  { path: "/a/b/d/f", route: "/a/b/*" },
  { path: "/a/z/c", route: "/a/:x/c" },
  { path: "/a/z/c/", route: "/a/:x/*" },
  { path: "/a/z", route: "/a/:x/*" },
  { path: "/a//c", route: "/a/*" },
  { path: "/a/", route: "/a/*" },
  { path: "/z/b/c", route: "/:y/b/:z" },
  { path: "/z/b", route: null },
  { path: "//b/c", route: null },
  { path: "/s/a", route: "/s/:f" },
  { path: "/s/a.php", route: "/s/:f" },
  { path: "/s/a.php/b", route: "/s/*.php" },
  { path: "/s/", route: "/s/" },
  { path: "/s/__proto__", route: "/s/:f" },
  { path: "/constructor", route: null },
  { path: "", route: null },
  { path: "*", route: null },
];
for (const { path, route } of FOUND) {
  test(`among parameters, ${JSON.stringify(path)} is ${route ?? "nobody"}'s`, () => {
    assert.equal(tableOf(PATHS).lookup(path)?.route ?? null, route);
  });
}

test("what is tried in vain is taken back, however deep", () => {
  const table = tableOf(["/a/b/c/x", "/a/b/:p/y", "/a/:o/c/z", "/:n/b/c/:q"]);
  for (const [path, route] of [
    ["/a/b/c/x", "/a/b/c/x"],
    ["/a/b/c/y", "/a/b/:p/y"],
    ["/a/b/c/z", "/a/:o/c/z"],
    ["/a/b/c/w", "/:n/b/c/:q"],
  ] as const) {
    assert.equal(table.lookup(path)?.route, route);
  }
});

for (const paths of [
  ["/a", "/a"],
  ["/:a", "/:b"],
  ["/x/:a/*", "/x/:b/*"],
  ["/:a", "/s/*.php", "/s/*.php"],
  ["/a/*", "/a/*"],
]) {
  test(`${paths.join(" and ")} is a bug here, since the config's check reports it`, () => {
    assert.throws(() => tableOf(paths), /two routes at/);
  });
}

// The rules once more: of the patterns that match, the one that says most, segment by segment.
function plainly(paths: readonly string[], path: string): string | null {
  const matching = paths.filter((text) => patternMatches(parsePattern(text) as Pattern, path));
  return matching.toSorted((a, b) => compare(ranksOf(a, path), ranksOf(b, path)))[0] ?? null;
}

/** A number a segment, smaller where it says more; then what suffixes are compared by. */
function ranksOf(text: string, path: string): number[] {
  const { kind, prefix, suffix } = parsePattern(text) as Pattern;
  const segments = prefix.split("/").slice(1);
  if (kind !== "exact") segments.pop();
  const ranks = segments.map((segment) => (segment.startsWith(":") ? 1 : 0));
  if (kind === "exact") return [...ranks, -1];
  if (kind === "prefix") return [...ranks, 2, 1];
  const escaped = (part: string) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const script = new RegExp(`^${escaped(prefix)}.*?${escaped(suffix)}(?=/|$)`, "s").exec(path)!;
  return [...ranks, 2, 0, script[0].length, -suffix.length];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}

const NAME = fc.constantFrom("a", "b", "ab", "x.php", "y.inc.php", "z.py", ".php", "x.phpx", "");
const ASKED = fc.array(NAME, { maxLength: 5 }).map((names) => `/${names.join("/")}`);
const END = fc.constantFrom("", "*", "*.php", "*.inc.php", "*.py", "*.x.php");

function isPattern(text: string): boolean {
  return typeof parsePattern(text) === "object";
}

for (const [what, folders] of [
  ["literal ones", ["a", "b", "ab", "x.php"]],
  ["parameters", ["a", "b", ":p", ":q", ":r", "x.php"]],
] as const) {
  test(`a lookup among ${what} answers as the plain reading of the rules does`, () => {
    const pattern = fc
      .tuple(fc.array(fc.constantFrom(...folders), { maxLength: 4 }), END, fc.boolean())
      .map(
        ([names, last, open]) => `${["", ...names].join("/")}${open ? "/" : ""}${open ? last : ""}`,
      )
      .filter(isPattern);
    const shape = (text: string) => (parsePattern(text) as Pattern).shape;
    const patterns = fc.uniqueArray(pattern, { maxLength: 12, selector: shape });
    fc.assert(
      fc.property(patterns, ASKED, (paths, asked) => {
        assert.equal(tableOf(paths).lookup(asked)?.route ?? null, plainly(paths, asked));
      }),
      { numRuns: 1000 },
    );
  });
}

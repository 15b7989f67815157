// Each tidy rule can fail, and says the better way when it does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLinks, machinePaths, registryComplaints, unlistedDecisions } from "./mentions.ts";
import { declarationComplaints, pathComplaint, spellingComplaint } from "./names.ts";
import { partComplaints, partsAmong, testComplaint } from "./places.ts";
import { lengthComplaint, staleRatchet, wideLines } from "./sizes.ts";

const lines = (count: number) => "x\n".repeat(count);

const LENGTHS = [
  { count: 250, ratchet: {}, complaint: null },
  { count: 251, ratchet: {}, complaint: /251 lines, and 250 are its measure/u },
  { count: 300, ratchet: { "a.ts": 300 }, complaint: null },
  { count: 301, ratchet: { "a.ts": 300 }, complaint: /301 lines, and 300 are its measure/u },
  { count: 299, ratchet: { "a.ts": 300 }, complaint: /write 299 in/u },
  { count: 200, ratchet: { "a.ts": 300 }, complaint: /take its line out/u },
  { count: 501, ratchet: { "a.ts": 501 }, complaint: /never more than 500/u },
];
for (const { count, ratchet, complaint } of LENGTHS) {
  test(`${count} lines where the ratchet has ${JSON.stringify(ratchet)}`, () => {
    const found = lengthComplaint("a.ts", lines(count), ratchet);
    if (complaint === null) assert.equal(found, null);
    else assert.match(found ?? "", complaint);
  });
}

test("a ratchet for a file that is gone is named", () => {
  assert.deepEqual(staleRatchet({ "a.ts": 300, "b.ts": 300 }, ["b.ts"]), ["a.ts"]);
});

test("columns are counted as characters, and the line is named", () => {
  assert.deepEqual(wideLines("a.ts", `${"é".repeat(100)}\n`), []);
  assert.match(wideLines("a.ts", `\n${"x".repeat(101)}\n`)[0]!, /^a\.ts:2: 101 columns/u);
});

for (const file of ["src/utils/a.ts", "src/http/helpers.ts", "src/common.test.ts", "misc.ts"]) {
  test(`${file} is an empty name`, () => assert.notEqual(pathComplaint(file), null));
}
for (const file of ["src/FileCache.ts", "src/open_file.ts", "src/a/B/c.ts", "src/-a.ts"]) {
  test(`${file} is misspelt`, () => assert.notEqual(spellingComplaint(file), null));
}
for (const declaration of ["class UploadManager", "type FileInfo", "function parseHelper"]) {
  test(`"${declaration}" is an empty name`, () => {
    assert.equal(declarationComplaints("a.ts", `export ${declaration} {`).length, 1);
  });
}
test("a good name is no complaint", () => {
  assert.equal(pathComplaint("src/storage/open-file-cache.test.ts"), null);
  assert.equal(spellingComplaint("src/storage/open-file-cache.test.ts"), null);
  assert.deepEqual(declarationComplaints("a.ts", "class Draft {} type Information = 1;"), []);
});

test("a test of nothing beside it is named", () => {
  const beside = 'import { Cache } from "./cache.ts";';
  const elsewhere = 'import { Root } from "../storage/root.ts";\nimport "./list/page.ts";';
  const all = new Set(["src/storage/cache.ts"]);
  assert.equal(testComplaint("src/storage/eviction.test.ts", beside, all), null);
  assert.equal(testComplaint("src/storage/cache.test.ts", elsewhere, all), null);
  assert.equal(testComplaint("test/cli/serve.test.ts", elsewhere, all), null);
  assert.notEqual(testComplaint("src/storage/root.test.ts", elsewhere, all), null);
});

test("a part and a room lack what they lack", () => {
  const files = new Set(["src/storage/a.ts", "src/handlers/static/index.ts", "src/http/e/a.ts"]);
  const parts = partsAmong(files);
  assert.deepEqual([...parts].slice(0, 3), ["src/storage", "src/handlers", "src/handlers/static"]);
  assert.equal(partComplaints("src/storage", files).length, 2);
  assert.equal(partComplaints("src/handlers/static", files).length, 1);
  assert.equal(partComplaints("src/http/e", files).length, 1);
  assert.equal(partComplaints("src/handlers", files).length, 0);
});

for (const text of ["cd /root/x", '"/home/ann"', "(/Users/ann/x)"]) {
  test(`${text} is one machine's`, () => assert.equal(machinePaths("a.md", text).length, 1));
}
for (const text of ["a/home/b", "/usr/lib/git-core", "http://x.example/home/", "~/root/"]) {
  test(`${text} is nobody's`, () => assert.equal(machinePaths("a.md", text).length, 0));
}

const PAGES: Record<string, string> = { "docs/b.md": "# What's `new`?\n\n## Two  words\n" };
const LINKS = [
  { link: "b.md", dead: false },
  { link: "../docs/b.md#whats-new", dead: false },
  { link: "https://example.org/none", dead: false },
  { link: "c.md", dead: true },
  { link: "b.md#other", dead: true },
  { link: "#nowhere", dead: true },
];
for (const { link, dead } of LINKS) {
  test(`${link} is ${dead ? "dead" : "alive"}`, () => {
    const pageOrNull = (file: string) => PAGES[file] ?? (file === "docs/a.md" ? "# Top\n" : null);
    assert.equal(deadLinks("docs/a.md", `See [it](${link}).`, pageOrNull).length, dead ? 1 : 0);
  });
}
const FORMS = [
  "[it](LINK)",
  '[it](LINK "its title")',
  "[it](<LINK>)",
  "![it](LINK 'its title')",
  "[it][one]\n\n[one]: LINK",
  "[one][]\n\n  [ONE]: <LINK>",
  '<img alt="it" src="LINK" width="9">',
  "<a\nhref=LINK>it</a>",
];
for (const form of FORMS) {
  test(`${JSON.stringify(form)} is a link`, () => {
    const pageOrNull = (file: string) => PAGES[file] ?? null;
    const complaintsOf = (link: string) =>
      deadLinks("docs/a.md", form.replace("LINK", link), pageOrNull);
    assert.deepEqual(complaintsOf("b.md#whats-new"), []);
    assert.deepEqual(complaintsOf("c.md"), ["docs/a.md: c.md: no such file"]);
  });
}
test("a reference that nothing on the page resolves is dead", () => {
  const text = "[it][gone], [gone too][]\n\n[it]: https://example.org/\n";
  const complaints = deadLinks("a.md", text, () => null);
  assert.deepEqual(complaints, ["a.md: [gone]: leads nowhere", "a.md: [gone too]: leads nowhere"]);
});
test("a decision that the list lacks is named with its row", () => {
  const pages = new Map([
    ["0001-a.md", "# A\n"],
    ["0002-b.md", "# B\n"],
    ["0003-c.md", "# C\n"],
  ]);
  const list = "| | |\n| [0001](0001-a.md) | A |\n| [0002](0002-b.md) | Another |\n";
  assert.deepEqual(unlistedDecisions(list, pages), [
    "docs/decisions/README.md: lacks | [0002](0002-b.md) | B |",
    "docs/decisions/README.md: lacks | [0003](0003-c.md) | C |",
  ]);
});
test("a link in code is no link", () => {
  assert.deepEqual(
    deadLinks("a.md", "`[a](b.md)`\n```\n[a](b.md)\n```\n", () => null),
    [],
  );
});

test("a lockfile with a registry is refused", () => {
  const host = ["registry", "example"].join(".");
  const lockfile = `{ "resolved": "https://${host}/a.tgz" }`;
  assert.equal(registryComplaints(lockfile).length, 1);
});

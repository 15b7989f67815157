import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { resolvePath } from "./path.ts";
import { Wrong } from "./problem.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "portico-path-")));
const base = { path: folder, called: "the folder of tests" };
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "public"));
writeFileSync(join(folder, "users.txt"), "");
symlinkSync("circle", join(folder, "circle"));

const GOOD = [
  { written: "public", of: "folder", exists: true, path: join(folder, "public") },
  { written: "./public/", of: "folder", exists: true, path: join(folder, "public") },
  { written: ".", of: "folder", exists: true, path: folder },
  { written: "users.txt", of: "file", exists: true, path: join(folder, "users.txt") },
  { written: "users.txt", of: "any", exists: true, path: join(folder, "users.txt") },
  { written: "new/var", of: "folder", exists: false, path: join(folder, "new/var") },
  { written: "/", of: "folder", exists: true, path: "/" },
] as const;
for (const { written, of, exists, path } of GOOD) {
  test(`${written} is taken as ${of}${exists ? " that exists" : ""}`, () => {
    assert.equal(resolvePath({ of, exists }, written, base), path);
  });
}

const BAD = [
  { written: "", of: "any", exists: false, words: /is empty/ },
  { written: "a\0b", of: "any", exists: false, words: /NUL/ },
  { written: "nowhere", of: "folder", exists: true, words: /no folder "nowhere": looked for \// },
  { written: "users.txt/x", of: "file", exists: true, words: /no file "users\.txt\/x"/ },
  { written: "users.txt", of: "folder", exists: true, words: /is a file; this is a folder's path/ },
  { written: "users.txt", of: "folder", exists: false, words: /is a file/ },
  { written: "public", of: "file", exists: true, words: /is a folder; this is a file's path/ },
  { written: "/dev/null", of: "file", exists: true, words: /is a device, pipe or socket/ },
  { written: "circle", of: "any", exists: true, words: /go in a circle/ },
  { written: "n".repeat(300), of: "any", exists: false, words: /name is too long/ },
] as const;
for (const { written, of, exists, words } of BAD) {
  test(`refuses ${JSON.stringify(written.slice(0, 20))} as ${of}${exists ? "" : " to be"}`, () => {
    const found = resolvePath({ of, exists }, written, base);
    assert.ok(found instanceof Wrong);
    assert.match(found.message, words);
  });
}

test("a name that is nearly there is suggested, as it would be written", () => {
  const found = resolvePath({ of: "folder", exists: true }, "./pubic", base);
  assert.ok(found instanceof Wrong);
  assert.equal(found.hint, 'did you mean "./public"?');
});

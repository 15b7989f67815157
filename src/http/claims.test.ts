import assert from "node:assert/strict";
import { test } from "node:test";
import { isClaimed } from "./claims.ts";

const SUFFIXES = [".php", ".tar.gz"];

for (const path of [
  ...["x.php", "a/b.php", "x.php/more", "x.php/", "X.PHP", "a.b.php", "x.php.gz", "x.php.br"],
  ...["x.php.zst", "X.PhP.Gz", "x.tar.gz", "a/x.tar.gz/b"],
]) {
  test(`${path} is claimed`, () => {
    assert.equal(isClaimed(path, SUFFIXES), true);
  });
}

for (const path of ["", "x", "x.phps", "php", "x.php.txt", "xphp", "x.php~", "x.gz", "x.tar"]) {
  test(`${JSON.stringify(path)} is not claimed`, () => {
    assert.equal(isClaimed(path, SUFFIXES), false);
  });
}

test("nothing is claimed where no route claims", () => {
  assert.equal(isClaimed("x.php", []), false);
});

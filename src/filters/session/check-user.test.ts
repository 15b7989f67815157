import assert from "node:assert/strict";
import { test } from "node:test";
import { checkUser } from "./check-user.ts";

for (const user of [
  undefined,
  null,
  "ann",
  "Ann Ü <ann@a.example>",
  "__proto__",
  "x".repeat(1024),
]) {
  test(`${JSON.stringify(user)} may be said`, () => checkUser(user));
}

for (const user of ["", "a\0b", "a\nb", "\x7f", "\ud800", "x".repeat(1025), 5, {}, ["ann"], true]) {
  test(`${JSON.stringify(user)} is nobody's name`, () => {
    assert.throws(() => checkUser(user as string), TypeError);
  });
}

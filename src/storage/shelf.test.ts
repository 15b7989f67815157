import assert from "node:assert/strict";
import { test } from "node:test";
import { Shelf } from "./shelf.ts";

interface Cup {
  readonly name: string;
  used: boolean;
}

function shelfOf(max: number, names: string): { shelf: Shelf<Cup>; cups: Cup[] } {
  const shelf = new Shelf<Cup>(max);
  const cups = [...names].map((name) => ({ name, used: false }));
  for (const cup of cups) shelf.add(cup);
  return { shelf, cups };
}

function takeOff(shelf: Shelf<Cup>, maySpare: (cup: Cup) => boolean = () => true): string {
  let left = "";
  for (const cup of shelf.leaving(() => shelf.isOverfull, maySpare)) {
    shelf.delete(cup);
    left += cup.name;
  }
  return left;
}

const standing = (shelf: Shelf<Cup>): string => [...shelf].map(({ name }) => name).join("");

test("nothing leaves while there is room", () => {
  const { shelf } = shelfOf(3, "abc");
  assert.equal(takeOff(shelf), "");
  assert.equal(standing(shelf), "abc");
});

test("what stands longest leaves first, and no more than must", () => {
  const { shelf } = shelfOf(2, "abcd");
  assert.equal(takeOff(shelf), "ab");
  assert.equal(standing(shelf), "cd");
});

test("what was used gets another round, and only one", () => {
  const { shelf, cups } = shelfOf(3, "abcd");
  cups[0]!.used = true;
  assert.equal(takeOff(shelf), "b");
  assert.equal(standing(shelf), "cda");
  for (const name of "ef") shelf.add({ name, used: false });
  assert.equal(takeOff(shelf), "cd");
  shelf.add({ name: "g", used: false });
  assert.equal(takeOff(shelf), "a");
});

test("where all were used the oldest leaves", () => {
  const { shelf, cups } = shelfOf(2, "abc");
  for (const cup of cups) cup.used = true;
  assert.equal(takeOff(shelf), "a");
});

test("what may not be spared stays, and the search for it ends", () => {
  const { shelf } = shelfOf(1, "abc");
  assert.equal(
    takeOff(shelf, ({ name }) => name === "b"),
    "b",
  );
  assert.equal(
    takeOff(shelf, () => false),
    "",
  );
  assert.equal(shelf.size, 2);
});

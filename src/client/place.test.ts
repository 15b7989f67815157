import assert from "node:assert/strict";
import { test } from "node:test";
import { Place } from "./place.ts";

const NAMED = [
  { place: "http://a/up/", name: "x.txt", url: "http://a/up/x.txt" },
  { place: "http://a", name: "x.txt", url: "http://a/x.txt" },
  { place: "http://a/up/?k=v#part", name: "x", url: "http://a/up/x?k=v" },
  { place: "http://a/up", name: "x.txt", url: "http://a/up" },
  { place: "http://a/up/", name: "a b?c#d", url: "http://a/up/a%20b%3Fc%23d" },
  { place: "http://a/up/", name: "50%.txt", url: "http://a/up/50%25.txt" },
  { place: "http://a/up/", name: "%2e%2e", url: "http://a/up/%252e%252e" },
  { place: "http://a/up/", name: "é\\", url: "http://a/up/%C3%A9%5C" },
];
for (const { place, name, url } of NAMED) {
  test(`${name} at ${place} is ${url}`, () => {
    assert.equal(Place.parse(place)!.of(name).href, url);
  });
}

test("credentials become a field and are in no URL", () => {
  const place = Place.parse("http://ann:p%40ss%C3%A9@a/up/")!;
  const basic = `Basic ${Buffer.from("ann:p@ssé").toString("base64")}`;
  assert.deepEqual(place.credentials, [["Authorization", basic]]);
  assert.equal(place.of("x").href, "http://a/up/x");
});

for (const text of ["", "a", "/up/", "ftp://a/", "file:///a", "http://", "http://a:b@c:99999/"]) {
  test(`${JSON.stringify(text)} is no place`, () => {
    assert.equal(Place.parse(text), null);
  });
}

test("a percent sign in credentials that begins no byte is refused", () => {
  assert.equal(Place.parse("http://ann:50%@a/"), null);
  assert.equal(Place.parse("http://ann:%ff@a/"), null);
});

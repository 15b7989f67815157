import assert from "node:assert/strict";
import { test } from "node:test";
import { PLACE, stripPicture } from "../../testing/index.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const block = (text: string) => `${String.fromCharCode(text.length)}${text}`;
const START = "GIF89a\x01\0\x01\0\x80\0\0abcdef"; // a table of two colours
const CONTROL = `!\xf9${block("\0\0\0\0")}\0`;
const IMAGE = `,\0\0\0\0\x01\0\x01\0\0\x02${block("D\x01")}${block("!\xfe;")}\0`;
const OWN_COLOURS = `,\0\0\0\0\x01\0\x01\0\x81${"rgb".repeat(4)}\x02${block("D\x01")}\0`;
const LOOP = `!\xff${block("NETSCAPE2.0")}${block("\x01\0\0")}\0`;
const COMMENT = `!\xfe${block("a comment")}${block("of two")}\0`;
// As it is written: XMP is no sub-blocks, and what follows it leads a reader to its end.
const DOWN = Array.from({ length: 256 }, (_, at) => String.fromCharCode(255 - at));
const TRAILER = `\x01${DOWN.join("")}\0`;
const XMP = `!\xff${block("XMP DataXMP")}<x:xmpmeta>${PLACE}</x:xmpmeta>${TRAILER}`;
const GONE = [XMP, `!\xff${block("PLACES 1.00")}${block(PLACE)}\0`, `!\xce${block(PLACE)}\0`];

const SHOWN = [START, LOOP, CONTROL, IMAGE, CONTROL, OWN_COLOURS];

for (const [stripped, kept] of [
  ["location", COMMENT],
  ["all", ""],
] as const) {
  test(`of a GIF, ${stripped}: what tells goes, what is shown stays`, () => {
    const picture = latin1([...SHOWN, ...GONE, COMMENT, ...GONE, ";", PLACE].join(""));
    assert.equal(stripPicture("image/gif", stripped, picture), `${SHOWN.join("")}${kept};`);
  });
}

test("of a GIF that lacks its end, or ends a block twice, the picture stays", () => {
  assert.equal(stripPicture("image/gif", "all", latin1(START + IMAGE)), START + IMAGE);
  assert.equal(
    stripPicture("image/gif", "all", latin1(`${START}${IMAGE}\0;`)),
    `${START}${IMAGE};`,
  );
});

for (const [what, text, end] of [
  ["no GIF", `GIF88a${START.slice(6)}`, "out of order"],
  ["something between blocks", `${START}x${IMAGE};`, "out of order"],
  ["a script", "GIF89a/*\0\0\0\0\0<html>*/=1;alert(1)", "out of order"],
  ["a cut table", START.slice(0, -1), "cut"],
  ["a cut image", START + IMAGE.slice(0, -1), "cut"],
  ["a cut comment", START + COMMENT.slice(0, 8), "cut"],
] as const) {
  test(`a GIF with ${what} is refused`, () => {
    assert.equal(stripPicture("image/gif", "location", latin1(text)), `image/gif, ${end}`);
  });
}

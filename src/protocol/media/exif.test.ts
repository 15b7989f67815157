import assert from "node:assert/strict";
import { test } from "node:test";
import { exifWithPlace } from "../../testing/index.ts";
import { orientationAlone, orientationOf, withoutLocation, withOrientationOnly } from "./exif.ts";

for (const order of ["II", "MM"] as const) {
  test(`places leave Exif of order ${order}, and no offset moves`, () => {
    const exif = exifWithPlace(6, order);
    const before = Buffer.from(exif);
    const out = withoutLocation(exif);
    assert.deepEqual(exif, before);
    assert.equal(out.length, exif.length);
    assert.ok(!out.includes("PLACE"));
    // Neither do the entries that led to them: GPS table, maker's note.
    for (const tag of [
      [0x88, 0x25],
      [0x92, 0x7c],
    ]) {
      const bytes = Buffer.from(order === "MM" ? tag : tag.toReversed());
      assert.ok(exif.includes(bytes) && !out.includes(bytes));
    }
    for (const kept of ["Camera & Sons\0", "2026:11:21 10:00:00\0"]) {
      assert.equal(out.indexOf(kept), exif.indexOf(kept));
    }
    assert.equal(orientationOf(out), 6);
    // The thumbnail's table still follows, behind the entries that are left.
    const first = order === "II" ? out.readUInt32LE(4) : out.readUInt32BE(4);
    const next = first + 2 + 4 * 12;
    const thumbnail = order === "II" ? out.readUInt32LE(next) : out.readUInt32BE(next);
    assert.equal(order === "II" ? out.readUInt16LE(thumbnail) : out.readUInt16BE(thumbnail), 1);
    assert.deepEqual(withoutLocation(out), out);
  });
}

const ENTRY = "\x88\x25\0\x04\0\0\0\x01";
/** Order MM: a head, and one table of entries at 8. */
const tableOf = (...entries: string[]) =>
  `MM\0*\0\0\0\x08\0${String.fromCharCode(entries.length)}${entries.join("")}\0\0\0\0`;
const MALFORMED: [what: string, exif: string][] = [
  ["nothing", ""],
  ["no TIFF", "PLACE PLACE"],
  ["a table in the head", "MM\0*\0\0\0\x04\0\0\0\0PLACE"],
  ["a table behind the end", "MM\0*\0\0\xff\xff\0\0\0\0PLACE"],
  ["more entries than there are", "MM\0*\0\0\0\x08\0\x09PLACE"],
  ["a table that follows itself", "MM\0*\0\0\0\x08\0\0\0\0\0\x08PLACE"],
  ["tables that lead to each other", `${tableOf("\x87\x69\0\x04\0\0\0\x01\0\0\0\x08")}PLACE`],
  ["a GPS table behind the end", `${tableOf(`${ENTRY}\0\0\xff\xff`)}PLACE`],
  ["a GPS table that is the first", `${tableOf(`${ENTRY}\0\0\0\x08`)}PLACE`],
  ["a note behind the end", `${tableOf("\x92\x7c\0\x07\0\0\xff\xff\0\0\0\x08")}PLACE`],
  ["a note of no type", `${tableOf("\x92\x7c\0\0\0\0\0\x09\0\0\0\x22")}PLACE`],
  ["a note of an unknown type", `${tableOf("\x92\x7c\0\x63\0\0\0\x09\0\0\0\x22")}PLACE`],
];
for (const [what, exif] of MALFORMED) {
  test(`nothing is left of Exif with ${what}`, () => {
    const bytes = Buffer.from(exif, "latin1");
    const out = withoutLocation(bytes);
    assert.equal(out.length, bytes.length);
    assert.ok(!out.includes("PLACE"));
    assert.equal(orientationOf(bytes), 1);
  });
}

for (let orientation = 1; orientation <= 8; orientation += 1) {
  test(`orientation ${orientation} stays`, () => {
    assert.equal(orientationOf(orientationAlone(orientation)), orientation);
    const exif = exifWithPlace(orientation, "II");
    assert.equal(orientationOf(withOrientationOnly(exif)), orientation);
  });
}

test("an orientation that there is not is none", () => {
  for (const orientation of [0, 9, 65_535]) {
    assert.equal(orientationOf(orientationAlone(orientation)), 1);
  }
});

test("where there is no room for it, it goes too", () => {
  assert.deepEqual(withOrientationOnly(Buffer.from("MM\0*")), Buffer.alloc(4));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldList } from "../../base/failure.ts";
import { ReadyHeads } from "./ready-heads.ts";

const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
const TEXT = `HTTP/1.1 200 OK\r\nDate: ${DATE}\r\n\r\n`;
const FIELDS: FieldList = [["X-A", "1"]];

function seen(heads: ReadyHeads, status: number, length: number, fields: FieldList): void {
  heads.note(status, length, fields, TEXT, DATE);
}

test("a head that came twice is kept, one that came once is not", () => {
  const heads = new ReadyHeads();
  assert.equal(heads.find(200, 5, FIELDS), null);
  seen(heads, 200, 5, FIELDS);
  assert.equal(heads.find(200, 5, FIELDS), null);
  seen(heads, 200, 5, FIELDS);
  const head = heads.find(200, 5, FIELDS)!;
  const later = DATE.replace("37", "38");
  assert.equal(Buffer.from(head.bytesAt(later)).toString(), TEXT.replace(DATE, later));
});

for (const [name, status, length, fields] of [
  ["another status of the same slot", 201, 4, FIELDS],
  ["another length of the same slot", 200, 5 + 64, FIELDS],
  ["no length", 200, -1, FIELDS],
  ["an equal list that is another", 200, 5, [["X-A", "1"]] as FieldList],
] as const) {
  test(`${name} is another head, and takes its place once it came twice`, () => {
    const heads = new ReadyHeads();
    seen(heads, 200, 5, FIELDS);
    seen(heads, 200, 5, FIELDS);
    assert.equal(heads.find(status, length, fields), null);
    seen(heads, status, length, fields);
    assert.equal(heads.find(status, length, fields), null);
    seen(heads, status, length, fields);
    assert.notEqual(heads.find(status, length, fields), null);
  });
}

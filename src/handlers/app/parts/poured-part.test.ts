// Parts as they are stored: by whole blocks, which are lent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Failure } from "../../../base/failure.ts";
import { Refused } from "../../../http/refused.ts";
import { exchangeOf, PieceBody } from "../../../testing/index.ts";
import { PARTS } from "./bounds.ts";
import { Part } from "./part.ts";
import { partsOf } from "./parts.ts";

const MIB = 1024 ** 2;
// What only begins like a boundary is in it, so that pieces are cut there.
const LARGE = Buffer.alloc(3 * MIB + 17, "what is in a file\r\n--\r\n--X");
const END = "\r\n--B--";

function form(...contents: readonly Uint8Array[]): Buffer {
  const parts = contents.flatMap((content, at) => [
    Buffer.from(
      `\r\n--B\r\nContent-Disposition: form-data; name="${at}"; filename="${at}"\r\n\r\n`,
    ),
    content,
  ]);
  return Buffer.concat([...parts, Buffer.from(END)]);
}

function partsIn(
  bytes: Uint8Array,
  pieceBytes: number,
  end: Failure | null = null,
  bounds = {},
): AsyncIterableIterator<Part> {
  const fields = { "content-type": "multipart/form-data; boundary=B" };
  const body = PieceBody.of(bytes, pieceBytes, end);
  return partsOf(exchangeOf({ method: "POST", fields, body }), PARTS, bounds);
}

/** What `part` holds, each piece wiped once it was taken; some at once, some later. */
async function poured(part: Part): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const failure = await Part.pour(part, (piece) => {
    const taken = (): null => {
      pieces.push(Buffer.from(piece));
      piece.fill(0);
      return null;
    };
    return piece.length % 2 === 0 ? taken() : setImmediate().then(taken);
  });
  assert.equal(failure, null);
  return Buffer.concat(pieces);
}

for (const pieceBytes of [999, 32 * 1024 + 1, 64 * 1024, 8 * MIB]) {
  test(`in pieces of ${pieceBytes} bytes, each part is poured whole`, async () => {
    const contents = [LARGE, Buffer.alloc(0), Buffer.from("small"), LARGE];
    const seen: Buffer[] = [];
    for await (const part of partsIn(form(...contents), pieceBytes)) seen.push(await poured(part));
    assert.deepEqual(
      seen.map((one, at) => one.equals(contents[at]!)),
      [true, true, true, true],
    );
  });
}

for (const isAtOnce of [true, false]) {
  const how = isAtOnce ? "at once" : "later";
  test(`what is refused ${how} in mid-part leaves the parts behind it whole`, async () => {
    const parts = partsIn(form(LARGE, LARGE, Buffer.from("small")), 64 * 1024);
    const { value: first } = await parts.next();
    let bytes = 0;
    const full = new Failure("storageFull");
    const failure = await Part.pour(first, (piece) => {
      bytes += piece.length;
      const said = bytes > MIB ? full : null;
      return isAtOnce ? said : setImmediate().then(() => said);
    });
    assert.equal(failure, full);
    assert.ok(bytes < LARGE.length);
    assert.ok((await poured((await parts.next()).value)).equals(LARGE));
    assert.equal((await poured((await parts.next()).value)).toString(), "small");
    assert.equal((await parts.next()).done, true);
  });
}

test("what is thrown while it is taken is thrown", async () => {
  const { value } = await partsIn(form(LARGE), 64 * 1024).next();
  let bytes = 0;
  const pouring = Part.pour(value, async (piece) => {
    bytes += piece.length;
    if (bytes > MIB) throw new RangeError("broken");
    return null;
  });
  await assert.rejects(pouring, RangeError);
});

const BROKEN: readonly [what: string, bytes: Buffer, end: Failure | null, code: string][] = [
  ["a cut body", form(LARGE).subarray(0, 2 * MIB), new Failure("bodyCut"), "bodyCut"],
  ["a form without end", form(LARGE).subarray(0, 2 * MIB), null, "multipartCut"],
  ["a file too large", form(LARGE), null, "fileTooLarge"],
];
for (const [what, bytes, end, code] of BROKEN) {
  test(`${what} is ${code}, to whoever pours and to whoever asks again`, async () => {
    const parts = partsIn(bytes, 64 * 1024, end, { fileBytes: 3 * MIB });
    const { value } = await parts.next();
    const isSo = (error: unknown): boolean => error instanceof Refused && error.code === code;
    await assert.rejects(
      Part.pour(value, () => null),
      isSo,
    );
    await assert.rejects(parts.next(), isSo);
  });
}

test("a part is poured once, and not when it was left", async () => {
  const parts = partsIn(form(LARGE, LARGE), 64 * 1024);
  const { value: first } = await parts.next();
  await poured(first);
  await assert.rejects(poured(first), /was read before/);
  const { value: second } = await parts.next();
  await parts.next();
  await assert.rejects(poured(second), /was left/);
});

test("whoever asks for the next part while one is poured waits; the pourer is told", async () => {
  const parts = partsIn(form(LARGE, Buffer.from("small")), 64 * 1024);
  const { value: first } = await parts.next();
  const [told, next] = await Promise.allSettled([poured(first), parts.next()]);
  assert.equal(told.status, "rejected");
  assert.ok(next.status === "fulfilled");
  assert.equal(await next.value.value!.text(), "small");
});

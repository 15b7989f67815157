import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../../base/failure.ts";
import { Refused } from "../../../http/refused.ts";
import { exchangeOf, PieceBody } from "../../../testing/index.ts";
import type { PartsBounds } from "./bounds.ts";
import type { Part } from "./part.ts";
import { partsOf } from "./parts.ts";

const ROUTE = { max: 1000, headerBytes: 16384, fieldBytes: 1 << 20, fileBytes: undefined };
const FORM_TYPE = "multipart/form-data; boundary=B";
const END = "--B--\r\n";

function part(head: string, content: string): string {
  return `--B\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
}

const FIELD = part('name="title"', "Naïve");
const FILE = part('name="file"; filename="a.txt"', "words");

interface Given {
  readonly form?: string;
  readonly pieceBytes?: number;
  readonly bounds?: PartsBounds;
  readonly fields?: Readonly<Record<string, string>>;
  readonly end?: Failure | null;
}

function partsIn(given: Given): { parts: AsyncIterableIterator<Part>; body: PieceBody } {
  const { form = FIELD + FILE + END, pieceBytes = 7, bounds = {}, end = null } = given;
  const { fields = { "content-type": FORM_TYPE } } = given;
  const body = PieceBody.of(Buffer.from(form), pieceBytes, end);
  const exchange = exchangeOf({ method: "POST", fields, body });
  return { parts: partsOf(exchange, ROUTE, bounds), body };
}

/** The names of the parts, and why there are no more. */
async function walk(
  { parts }: ReturnType<typeof partsIn>,
  use: (one: Part) => unknown = () => undefined,
): Promise<{ names: string[]; code: string }> {
  const names: string[] = [];
  try {
    for await (const one of parts) {
      names.push(one.name);
      await use(one);
    }
    return { names, code: "whole" };
  } catch (error) {
    assert.ok(error instanceof Refused, String(error));
    return { names, code: error.code };
  }
}

for (const pieceBytes of [1, 7, 64, 4096]) {
  test(`in pieces of ${pieceBytes} bytes, parts come in order, with their content`, async () => {
    const seen: unknown[] = [];
    await walk(partsIn({ pieceBytes }), async (one) => {
      seen.push([one.name, one.filename, one.type, await one.text()]);
    });
    assert.deepEqual(seen, [
      ["title", null, null, "Naïve"],
      ["file", "a.txt", null, "words"],
    ]);
  });

  test(`in pieces of ${pieceBytes} bytes, what is not read is skipped`, async () => {
    assert.deepEqual(await walk(partsIn({ pieceBytes })), {
      names: ["title", "file"],
      code: "whole",
    });
  });
}

test("what was read in part is skipped, too", async () => {
  const form = part('name="a"; filename="a"', "x".repeat(1000)) + FILE + END;
  const seen = await walk(partsIn({ form }), async (one) => {
    for await (const bytes of one) if (bytes.length > 0) break;
  });
  assert.deepEqual(seen, { names: ["a", "file"], code: "whole" });
});

test("nothing is read before it is asked for, nor behind who left the loop", async () => {
  const { parts, body } = partsIn({ form: FIELD + FILE + END, pieceBytes: 8 });
  assert.equal(body.reads, 0);
  for await (const one of parts) {
    assert.equal(one.name, "title");
    break;
  }
  const { reads } = body;
  assert.deepEqual(await parts.next(), { done: true, value: undefined });
  assert.equal(body.reads, reads);
  assert.ok(reads * 8 < FIELD.length + 8);
});

test("a part that was in hand when the loop was left can still be read", async () => {
  let found: Part | null = null;
  const { parts } = partsIn({});
  for await (const one of parts) {
    found = one;
    if (one.filename !== null) break;
  }
  assert.equal(await found!.text(), "words");
});

test("a part that was left for the next one can't be read any more", async () => {
  const { parts } = partsIn({});
  const { value: first } = await parts.next();
  await parts.next();
  await assert.rejects(first!.text(), /"title" was left for the next one/);
});

test("a reader that waits is told when the next part is asked for; nothing is lost", async () => {
  const form = part('name="a"; filename="a"', "x".repeat(100)) + FILE + END;
  const { parts } = partsIn({ form, pieceBytes: 16 });
  const { value: first } = await parts.next();
  const reader = first!.stream.getReader();
  const reading = (async () => {
    for (;;) if ((await reader.read()).done) return "whole";
  })();
  const [told, next] = await Promise.allSettled([reading, parts.next()]);
  assert.equal(told.status, "rejected");
  assert.ok(next.status === "fulfilled");
  assert.equal(await next.value.value!.text(), "words");
});

test("a form of no parts has none", async () => {
  assert.deepEqual(await walk(partsIn({ form: END })), { names: [], code: "whole" });
});

test("the parts of a request are asked for once", () => {
  const exchange = exchangeOf({ method: "POST", fields: { "content-type": FORM_TYPE } });
  partsOf(exchange, ROUTE);
  assert.throws(() => partsOf(exchange, ROUTE), /read already/);
});

for (const bound of [NaN, -1, undefined]) {
  test(`${bound} is no bound`, () => {
    const bounds = { fileBytes: bound } as PartsBounds;
    assert.throws(() => partsIn({ bounds }), TypeError);
  });
}

const HEAD = "x".repeat(200);
const LIMITS: readonly [what: string, given: Given, names: string[], code: string][] = [
  ["parts too many", { bounds: { max: 1 } }, ["title"], "partsTooMany"],
  [
    "a head too large",
    { form: part(`name="a"; x="${HEAD}"`, "") + END, bounds: { headerBytes: 128 } },
    [],
    "partHeadTooLarge",
  ],
  ["a field too large", { bounds: { fieldBytes: 8 } }, ["title"], "fieldsTooLarge"],
  [
    "fields too large",
    { form: FIELD + FIELD, bounds: { fieldBytes: 20 } },
    ["title", "title"],
    "fieldsTooLarge",
  ],
  ["a file too large", { bounds: { fileBytes: 4 } }, ["title", "file"], "fileTooLarge"],
  ["a file of none", { bounds: { fileBytes: 0 } }, ["title", "file"], "fileTooLarge"],
  ["a cut body", { end: new Failure("bodyCut"), form: FIELD }, ["title"], "bodyCut"],
  [
    "a body too large",
    { end: new Failure("bodyTooLarge"), form: FIELD },
    ["title"],
    "bodyTooLarge",
  ],
  ["a slow body", { end: new Failure("bodyTimeout"), form: "--B" }, [], "bodyTimeout"],
  ["no last boundary", { form: FIELD + FILE }, ["title", "file"], "multipartCut"],
  ["a cut head", { form: FIELD + "--B\r\nContent-Disp" }, ["title"], "multipartCut"],
  ["nothing", { form: "" }, [], "multipartCut"],
  ["text and no part", { form: `words\r\n${END}` }, [], "multipartMalformed"],
  ["no name", { form: part('filename="a"', "") + END }, [], "partHeadMalformed"],
  ["two names", { form: part('name="a"; name="b"', "") + END }, [], "partHeadMalformed"],
  ["no type", { fields: {} }, [], "notMultipart"],
  ["another type", { fields: { "content-type": "application/json" } }, [], "notMultipart"],
  [
    "nearly the type",
    { fields: { "content-type": "multipart/form-dataX; boundary=B" } },
    [],
    "notMultipart",
  ],
  ["no boundary", { fields: { "content-type": "multipart/form-data" } }, [], "boundaryMalformed"],
  [
    "two boundaries",
    { fields: { "content-type": `${FORM_TYPE}; boundary=C` } },
    [],
    "boundaryMalformed",
  ],
  [
    "a coding",
    { fields: { "content-type": FORM_TYPE, "content-encoding": "gzip" } },
    [],
    "codingNotAccepted",
  ],
];
for (const [what, given, names, code] of LIMITS) {
  test(`${what} is ${code}, in whatever pieces`, async () => {
    for (const pieceBytes of [1, 7, 4096]) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      assert.deepEqual(await walk(partsIn({ ...given, pieceBytes })), { names, code });
    }
  });
}

test("what is wrong is said again to who asks again", async () => {
  const { parts } = partsIn({ form: FIELD });
  await parts.next();
  const first = await parts.next().catch((error: unknown) => error);
  assert.ok(first instanceof Refused);
  await assert.rejects(parts.next(), first);
});

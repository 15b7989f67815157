import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../../../http/refused.ts";
import { exchangeOf, PieceBody } from "../../../testing/index.ts";
import type { PartsBounds } from "./bounds.ts";
import type { Part } from "./part.ts";
import { partsOf } from "./parts.ts";

const ROUTE = { max: 1000, headerBytes: 16384, fieldBytes: 1 << 20, fileBytes: undefined };

/** The parts of a form, whose bodies follow their heads. */
function partsOfForm(
  form: readonly (readonly [head: string, content: string | Buffer])[],
  bounds: PartsBounds = {},
): AsyncIterableIterator<Part> {
  const pieces = form.flatMap(([head, content]) => [
    Buffer.from(`--B\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  const body = PieceBody.of(Buffer.concat([...pieces, Buffer.from("--B--")]), 9);
  const fields = { "content-type": "multipart/form-data; boundary=B" };
  return partsOf(exchangeOf({ method: "POST", fields, body }), ROUTE, bounds);
}

async function only(
  head: string,
  content: string | Buffer,
  bounds: PartsBounds = {},
): Promise<Part> {
  const { value } = await partsOfForm([[head, content]], bounds).next();
  return value!;
}

test("a part has its head's fields", async () => {
  const part = await only('name="a"; filename="b"\r\nContent-Type: text/html; x=1\r\nX-A: é', "");
  assert.equal(part.headers.get("x-a"), Buffer.from("é").toString("latin1"));
  assert.equal(part.headers.get("content-type"), "text/html; x=1");
  assert.equal(part.type, "text/html; x=1");
  assert.equal(part.headers, part.headers);
});

const NAMES: readonly [head: string, name: string, filename: string | null][] = [
  ['name="__proto__"', "__proto__", null],
  ['name=""; filename=""', "", ""],
  ['name="a%22b"; filename="../../etc/passwd"', 'a"b', "../../etc/passwd"],
  ['name="a"; filename="C:\\me\\a.txt"', "a", "C:\\me\\a.txt"],
  ['name="a"; filename="x"; filename*=UTF-8\'\'na%C3%AFve.txt', "a", "naïve.txt"],
];
for (const [head, name, filename] of NAMES) {
  test(`${head} is told as it came`, async () => {
    const part = await only(head, "x");
    assert.deepEqual([part.name, part.filename], [name, filename]);
  });
}

const CONTENT = "0123456789".repeat(10);
const WAYS: readonly [what: string, read: (part: Part) => Promise<string>][] = [
  ["text", (part) => part.text()],
  ["bytes", async (part) => Buffer.from(await part.bytes()).toString()],
  ["stream", async (part) => new Response(part.stream).text()],
  [
    "iteration",
    async (part) => {
      const pieces = [];
      for await (const bytes of part) pieces.push(bytes);
      return Buffer.concat(pieces).toString();
    },
  ],
];
for (const [what, read] of WAYS) {
  test(`by ${what} all of it comes, once`, async () => {
    const part = await only('name="a"', CONTENT);
    assert.equal(await read(part), CONTENT);
    for (const [, again] of WAYS) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await assert.rejects(again(part), TypeError);
    }
  });
}

test("pieces are the app's: plain, and none is changed by what comes behind", async () => {
  // What only begins like a boundary is what the parser keeps for itself.
  const content = `a\r\n--\r\n--X\r\n--${"\r\n--".repeat(5)}`;
  const pieces: Uint8Array[] = [];
  for await (const bytes of await only('name="a"', content)) {
    assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
    pieces.push(Uint8Array.from(bytes));
    bytes.fill(0);
  }
  assert.equal(Buffer.concat(pieces).toString(), content);
});

test("memory that was given away with a piece of it is missed, not passed over", async () => {
  const content = Buffer.alloc(64 * 1024, "x");
  const form = [
    Buffer.from('--B\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'),
    content,
    Buffer.from('\r\n--B\r\nContent-Disposition: form-data; name="b"\r\n\r\nwords\r\n--B--'),
  ];
  const body = new PieceBody([Buffer.concat(form)]);
  const fields = { "content-type": "multipart/form-data; boundary=B" };
  const parts = partsOf(exchangeOf({ method: "POST", fields, body }), ROUTE);
  for await (const bytes of (await parts.next()).value!) {
    structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] });
  }
  const { value: second } = await parts.next();
  await assert.rejects(second!.text(), /was given away/);
});

test("a stream that is not read takes nothing; one that is cancelled leaves the rest", async () => {
  const parts = partsOfForm([
    ['name="a"', CONTENT],
    ['name="b"', CONTENT],
  ]);
  const { value: first } = await parts.next();
  assert.equal(first!.stream, first!.stream);
  const reader = first!.stream.getReader();
  await reader.read();
  await reader.cancel();
  const { value: second } = await parts.next();
  assert.ok(second!.stream instanceof ReadableStream);
  assert.equal(await second!.text(), CONTENT);
});

test("what is discarded is gone, however often", async () => {
  const parts = partsOfForm([
    ['name="a"', CONTENT],
    ['name="b"', "x"],
  ]);
  const { value: first } = await parts.next();
  await first!.discard();
  await first!.discard();
  await assert.rejects(first!.text(), /was read before/);
  assert.equal(await (await parts.next()).value!.text(), "x");
});

for (const filename of ["", '; filename="f"']) {
  const code = filename === "" ? "fieldsTooLarge" : "fileTooLarge";
  test(`a part ${filename} that is too large for memory is ${code}`, async () => {
    const part = await only(`name="a"${filename}`, CONTENT, { fieldBytes: 50 });
    await assert.rejects(part.text(), (error) => error instanceof Refused && error.code === code);
  });
}

test("a file that is too large for memory may be as large as files may be", async () => {
  const part = await only('name="a"; filename="f"', CONTENT, { fieldBytes: 50 });
  assert.equal(await new Response(part.stream).text(), CONTENT);
});

test("JSON is parsed, and what is none is refused", async () => {
  assert.deepEqual(
    await (await only('name="a"', '{"__proto__":[1]}')).json(),
    JSON.parse('{"__proto__":[1]}'),
  );
  const part = await only('name="a"', "{,}");
  await assert.rejects(
    part.json(),
    (error) => error instanceof Refused && error.code === "jsonMalformed",
  );
});

const EURO_1252 = Buffer.of(0x80);
const CHARSETS: readonly [what: string, type: string, charset: string | null, text: string][] = [
  ["nothing", "", null, "\uFFFD"],
  ["its type", "text/plain; charset=windows-1252", null, "€"],
  ["its type, in quotes", 'text/plain;x=1; CharSet="windows-1252"', null, "€"],
  ["_charset_", "", "windows-1252", "€"],
  ["_charset_, before it its type", "text/plain; charset=utf-8", "windows-1252", "\uFFFD"],
  ["_charset_ that is none", "", "no such charset", "\uFFFD"],
  ["_charset_ without end", "", "windows-1252".padEnd(300), "\uFFFD"],
  ["_charset_ that does no harm", "", "__proto__", "\uFFFD"],
];
for (const [what, type, charset, text] of CHARSETS) {
  test(`a text is in the charset that ${what} says`, async () => {
    const head = type === "" ? 'name="a"' : `name="a"\r\nContent-Type: ${type}`;
    const first = charset === null ? [] : [['name="_charset_"', charset] as const];
    for await (const part of partsOfForm([...first, [head, EURO_1252]])) {
      if (part.name === "a") assert.equal(await part.text(), text);
    }
  });
}

test("a file that is called _charset_ says nothing", async () => {
  for await (const part of partsOfForm([
    ['name="_charset_"; filename="a"', "windows-1252"],
    ['name="a"', EURO_1252],
  ])) {
    if (part.name === "a") assert.equal(await part.text(), "\uFFFD");
  }
});

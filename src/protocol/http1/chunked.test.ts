import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { everySplit } from "../../testing/index.ts";
import { ChunkedDecoder } from "./chunked.ts";

const TRAILER_BYTES_MAX = 64;

interface Seen {
  readonly content: string;
  readonly rest: string;
  readonly end: string;
  readonly trailers: [string, string][] | null;
}

function decode(pieces: Iterable<Uint8Array>): Seen {
  const decoder = new ChunkedDecoder(TRAILER_BYTES_MAX);
  let content = "";
  let rest = "";
  let end = "";
  const onContent = (bytes: Uint8Array): void => {
    content += Buffer.from(bytes).toString("latin1");
  };
  for (const piece of pieces) {
    const taken = end === "" ? decoder.feed(piece, { onContent }) : 0;
    if (taken instanceof Failure) end = taken.code;
    else rest += Buffer.from(piece.subarray(taken)).toString("latin1");
    if (decoder.done) end = "done";
  }
  const trailers = decoder.done && decoder.trailers !== null ? decoder.trailers.entries() : null;
  return { content, rest: end === "done" ? rest : "", end, trailers: trailers && [...trailers] };
}

const WHOLE: [wire: string, content: string][] = [
  ["4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n", "Wikipedia"],
  ["0\r\n\r\n", ""],
  ["00\r\n\r\n", ""],
  ["A\r\n0123456789\r\n0\r\n\r\n", "0123456789"],
  ["a\r\n0123456789\r\n0\r\n\r\n", "0123456789"],
  ["0005\r\nhello\r\n000\r\n\r\n", "hello"],
  ["f\r\n5\r\nhello\r\n0\r\n\r\n\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"],
  ["5;a\r\nhello\r\n0;c=d;e\r\n\r\n", "hello"],
  ["5;a=b\r\nhello\r\n0\r\n\r\n", "hello"],
  ['5;a="x;\\"y=\\\\\t\xe9";b\r\nhello\r\n0\r\n\r\n', "hello"],
  ['5 ; a\t=\t"" ;b = c; d ;e\r\nhello\r\n0\r\n\r\n', "hello"],
];
for (const [wire, content] of WHOLE) {
  test(`decodes ${JSON.stringify(wire)} and leaves what follows`, () => {
    const seen = everySplit(`${wire}GET \r\n`, decode);
    assert.deepEqual(seen, { content, rest: "GET \r\n", end: "done", trailers: null });
  });
}

test("trailers come with the end", () => {
  const seen = everySplit("1\r\na\r\n0\r\nX-Sum: 1\r\nx-sum:2 \r\n\r\n\r\n", decode);
  assert.deepEqual(seen, {
    content: "a",
    rest: "\r\n",
    end: "done",
    trailers: [
      ["X-Sum", "1"],
      ["x-sum", "2"],
    ],
  });
});

const REFUSED: Record<string, string[]> = {
  chunkMalformed: [
    "\r\n",
    "\n",
    "g\r\n",
    "-1\r\n",
    "+5\r\n",
    "0x5\r\n",
    " 5\r\n",
    "5 \r\n",
    "5\t\r\n",
    "5 5\r\n",
    "5 a=b\r\n",
    "5,5\r\n",
    "0_5\r\n",
    "5\x00\r\n",
    "\xb2\r\n",
    "5\n",
    "5\r5",
    "5\r\r\n",
    "5;\r\n",
    "5;;a\r\n",
    "5;a \r\n",
    "5;a=\r\n",
    "5;a= \r\n",
    "5;a==b\r\n",
    "5;=b\r\n",
    "5;a b\r\n",
    "5;a\n",
    "5;a\rb\r\n",
    "5;\n",
    "5;a=b\n",
    "5;a=b \r\n",
    "5;a=b c\r\n",
    "5;a=\x00\r\n",
    '5;a="b\r\n',
    '5;a="b\n"\r\n',
    '5;a="\x00"\r\n',
    '5;a="\\\r\n',
    '5;a="b"c\r\n',
    '5;a="b" \r\n',
    '5;"a"\r\n',
    "5;a=(\r\n",
    "20000000000000\r\n",
    "FFFFFFFFFFFFFFFF\r\n",
    "10000000000000005\r\n",
    "2\r\nabc",
    "2\r\nab\n",
    "2\r\nab\r\r",
    "2\r\nab0\r\n\r\n",
    "2\r\nabX\r\n0\r\n\r\n",
    "2\r\nab\r\n\r\n",
  ],
  fieldNameMalformed: ["0\r\nbad trailer\r\n\r\n", "0\r\nX : a\r\n\r\n", "0\r\n: a\r\n\r\n"],
  fieldValueMalformed: ["0\r\nX: \x00\r\n\r\n"],
  lineFolded: ["0\r\n X: a\r\n\r\n", "0\r\nX: a\r\n b\r\n\r\n"],
  lineEndMalformed: ["0\r\nX: a\nY: b\r\n\r\n", "0\r\n\n", "0\r\n\r\r\n", "0\r\nX: a\rb\r\n"],
  trailerForbidden: [
    "Content-Length",
    "content-length",
    "Transfer-Encoding",
    "HOST",
    "Connection",
    "Trailer",
    "TE",
    "Upgrade",
    "Expect",
    "Content-Type",
    "Content-Range",
    "Content-Encoding",
  ].map((name) => `0\r\nX: y\r\n${name}: 1\r\n\r\n`),
  trailersTooLarge: [`0\r\n${"T: u\r\n".repeat(12)}\r\n`, `0\r\n${"n".repeat(64)}`],
};
for (const [code, wires] of Object.entries(REFUSED)) {
  for (const wire of wires) {
    test(`${JSON.stringify(wire)} is ${code}`, () => {
      assert.equal(everySplit(wire, decode).end, code);
    });
  }
}

test("a chunk of up to 2^53 - 1 bytes can be announced", () => {
  assert.equal(everySplit("001fffffffffffff\r\nabc", decode).content, "abc");
});

test("a body cut anywhere is not done", () => {
  const wire = "3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n";
  for (let end = 0; end < wire.length; end += 1) {
    assert.equal(decode([Buffer.from(wire.slice(0, end))]).end, "");
  }
});

const ENDLESS: Record<string, string> = {
  extension: `5;a=${"e".repeat(16 * 1024)}`,
  "leading zeros": "0".repeat(16 * 1024 + 1),
  "extensions of one-byte chunks": `1;${"e".repeat(100)}\r\na\r\n`.repeat(200),
};
for (const [what, wire] of Object.entries(ENDLESS)) {
  test(`endless framing is refused: ${what}`, () => {
    assert.equal(decode([Buffer.from(wire)]).end, "chunkFramingTooLarge");
  });
}

test("a hundred thousand chunks of one byte are fine", () => {
  const seen = decode([Buffer.from(`${"1\r\na\r\n".repeat(100_000)}0\r\n\r\n`)]);
  assert.equal(seen.end, "done");
  assert.equal(seen.content.length, 100_000);
});

test("content is handed on as slices of the input", () => {
  const input = Buffer.from("3\r\nabc\r\n0\r\n\r\n");
  const slices: Uint8Array[] = [];
  new ChunkedDecoder(TRAILER_BYTES_MAX).feed(input, { onContent: (bytes) => slices.push(bytes) });
  assert.equal(slices[0]!.buffer, input.buffer);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit, lend } from "../../testing/index.ts";
import { MULTIPART_LIMITS, MultipartParser } from "./multipart-parser.ts";

const LIMITS = { ...MULTIPART_LIMITS, parts: 3, headBytes: 60, paddingBytes: 10 };

/** Every event in a word, the content that came between two of them joined; then how it ended. */
function events(pieces: Iterable<Uint8Array>): string[] {
  const seen: string[] = [];
  let content = "";
  const note = (event: string) => {
    if (content !== "") seen.push(`content ${content}`);
    content = "";
    seen.push(event);
  };
  const parser = new MultipartParser("bb", LIMITS, {
    onPart: ({ name }) => note(`part ${name}`),
    onContent: (bytes) => (content += Buffer.from(bytes).toString("latin1")),
    onPartEnd: () => note("whole"),
  });
  for (const piece of pieces) {
    const failure = parser.feed(piece);
    if (failure === null) continue;
    // It is dead: what comes later changes nothing.
    assert.equal(parser.feed(Buffer.from(`\r\n--bb\r\n${PART}--bb--`)), failure);
    assert.equal(parser.end(), failure);
    note(failure.code);
    return seen;
  }
  note(parser.end()?.code ?? "end");
  return seen;
}

const HEAD = "Content-Disposition: form-data; name=a\r\n\r\n";
const PART = `${HEAD}1\r\n`;
const GOOD = ["part a", "content 1", "whole"];

const FORMS: [wire: string, events: string[]][] = [
  [`--bb\r\n${PART}--bb--`, [...GOOD, "end"]],
  [`--bb \t\r\n${PART}--bb\r\n${PART}--bb-- \r\nend`, [...GOOD, ...GOOD, "end"]],
  [`--bb--`, ["end"]],
  [`\r\n--bb--`, ["end"]],
  [`--b\r\n--bb\r\n${PART}--bb--\r`, [...GOOD, "end"]],
  [`--bb\r\n${HEAD}--bb--`, ["part a", "whole", "end"]],
  [`--bb\r\n${HEAD}\r\n--bb--`, ["part a", "whole", "end"]],
  [`--bb\r\n${HEAD}\r\r\n--bb--`, ["part a", "content \r", "whole", "end"]],
  [`--bb\r\n${HEAD}--b\r\n--bb--`, ["part a", "content --b", "whole", "end"]],
  [`--bb\r\n${HEAD}\r\n--b\r\n\r\n--bb--`, ["part a", "content \r\n--b\r\n", "whole", "end"]],
  ["", ["multipartCut"]],
  ["--bb", ["multipartCut"]],
  ["--bb-", ["multipartCut"]],
  ["--bb\r\n", ["multipartCut"]],
  [`--bb\r\n${HEAD}`, ["part a", "multipartCut"]],
  [`--bb\r\n${HEAD}1\r\n--b`, ["part a", "content 1", "multipartCut"]],
  [`--bb\r\n${HEAD}1\r\n--bb`, ["part a", "content 1", "multipartCut"]],
  [`--bb\r\n${HEAD}1\r\n--bb-`, ["part a", "content 1", "multipartCut"]],
  [`--bb\r\n${HEAD}1\r\n--bb\r`, ["part a", "content 1", "multipartCut"]],
  ["x--bb--", ["multipartCut"]],
  ["x\r\n--bb--", ["multipartMalformed"]],
  ["--bbx", ["multipartMalformed"]],
  ["--bb\n", ["multipartMalformed"]],
  ["--bb\rx", ["multipartMalformed"]],
  ["--bb -", ["multipartMalformed"]],
  ["--bb--x", ["multipartMalformed"]],
  ["--bb--\n", ["multipartMalformed"]],
  ["--bb--\rx", ["multipartMalformed"]],
  [`--bb\r\n${HEAD}1\r\n--bbx`, ["part a", "content 1", "multipartMalformed"]],
  [`--bb\r\n${HEAD}1\r\n--bb-x`, ["part a", "content 1", "multipartMalformed"]],
  ["--bb\r\n\r\n", ["partHeadMalformed"]],
  ["--bb\r\nX: y\n\r\n", ["partHeadMalformed"]],
  ["--bb\r\nX: \0", ["partHeadMalformed"]],
  ["--bb\r\n X: y\r\n", ["partHeadMalformed"]],
  ["--bb\r\n--bb--\r\n", ["partHeadMalformed"]],
];
for (const [wire, expected] of FORMS) {
  test(`${JSON.stringify(wire)} is read alike at every split`, () => {
    assert.deepEqual(everySplit(wire, eventsOfWhole), withoutCutContent(expected));
  });
}

// What of a cut part's content has come depends on the split. Only that it fails does not.
function eventsOfWhole(pieces: Iterable<Uint8Array>): string[] {
  return withoutCutContent(events(pieces));
}

function withoutCutContent(seen: string[]): string[] {
  return seen.filter((event, at) => !event.startsWith("content") || seen[at + 1] === "whole");
}

const limited = (wire: string) => everySplit(wire, eventsOfWhole).at(-1);

test("as many parts are taken as the limit says", () => {
  assert.equal(limited(`--bb\r\n${PART}`.repeat(3) + "--bb--"), "end");
  assert.equal(limited(`--bb\r\n${PART}`.repeat(4) + "--bb--"), "partsTooMany");
});

test("a part's head is taken up to its bound, with the empty line behind it", () => {
  const form = (bytes: number) => {
    const fill = "x".repeat(bytes - HEAD.length - "X:\r\n".length);
    return `--bb\r\nX:${fill}\r\n${PART}--bb--`;
  };
  assert.equal(limited(form(60)), "end");
  assert.equal(limited(form(61)), "partHeadTooLarge");
  assert.equal(limited(`--bb\r\n${"X: y\r\n".repeat(10)}`), "partHeadTooLarge");
});

for (const [where, form] of [
  ["before the first part", (text: string) => `${text}\r\n--bb\r\n${PART}--bb--`],
  ["behind a boundary", (text: string) => `--bb${text.replaceAll("x", " ")}\r\n${PART}--bb--`],
  ["behind the last boundary", (text: string) => `--bb--\r\n${text}`],
  ["in the last boundary's line", (text: string) => `--bb--${text.replaceAll("x", " ")}`],
] as const) {
  test(`padding ${where} is dropped up to its bound`, () => {
    assert.equal(limited(form("x".repeat(10))), "end");
    assert.equal(limited(form("x".repeat(11))), "multipartPaddingTooLarge");
  });
}

test("content is a view of what was fed, not a copy", () => {
  const wire = Buffer.from(`--bb\r\n${HEAD}some content\r\n--bb--`);
  const views: Uint8Array[] = [];
  const parser = new MultipartParser("bb", LIMITS, {
    onPart() {},
    onContent: (bytes) => views.push(bytes),
    onPartEnd() {},
  });
  assert.equal(parser.feed(wire), null);
  assert.equal(views.length, 1);
  assert.equal(views[0]!.buffer, wire.buffer);
  assert.equal(Buffer.from(views[0]!).toString(), "some content");
});

test("plain Uint8Arrays are taken, too", () => {
  const bytes = new TextEncoder().encode(`--bb\r\n${PART}--bb--`);
  assert.deepEqual(events([bytes]), [...GOOD, "end"]);
  assert.deepEqual(events(lend([])), ["multipartCut"]);
});

for (const boundary of ["", "a\r\nb", "b ", "*", "b".repeat(71)]) {
  test(`${JSON.stringify(boundary)} as a boundary is the caller's mistake`, () => {
    const sink = { onPart() {}, onContent() {}, onPartEnd() {} };
    assert.throws(() => new MultipartParser(boundary, LIMITS, sink), TypeError);
  });
}

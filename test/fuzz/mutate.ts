// Requests that went wrong: what a case of the corpus sends, with a few bytes, lines or words that are
// not where they were. The same Random makes the same bytes.
import type { Random } from "./random.ts";

/** Words with which servers were fooled, or could be. */
const TOKENS = [
  ...["\r", "\n", "\r\n", "\r\n\r\n", "\n\n", "\0", " ", "\t", "\x0b", "\x7f", "\x85", "\xff", ":"],
  ...["0", "-1", "+1", "0x10", "00", "4294967296", "9007199254740993", "18446744073709551616"],
  ...[
    "1e9",
    "999999999999999999999999999999",
    ",",
    ";",
    '"',
    "\\",
    "%00",
    "%2e%2e/",
    "../",
    "..\\",
  ],
  ...["%2F", "%zz", "/", "//", "?", "#", "*", "@", "[", "]", "[::1]", "\xc3\x28", "\xed\xa0\x80"],
  ...["HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "GET ", "HEAD ", "POST ", "OPTIONS * "],
  ...["http://localhost", "http://example.org/", "/hello.txt", "/big.bin", "/escape.txt", "/dir"],
  ...["Host: localhost\r\n", "Host: a\r\n", "Content-Length: 5\r\n", "Content-Length: 0\r\n"],
  ...[
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "chunked",
    "identity",
  ],
  ...["Connection: close\r\n", "Connection: keep-alive\r\n", "Expect: 100-continue\r\n", "a\r\n b"],
  ...["Range: bytes=0-4,2-9,-1\r\n", "bytes=", "If-None-Match: *\r\n", 'If-Match: W/"x"\r\n', "W/"],
  ...[
    "5\r\nhello\r\n",
    "0\r\n\r\n",
    "ffffffffffffffff\r\n",
    ';a="b"',
    "Trailer: X\r\n",
    "Tue, 31 Feb",
  ],
  ...[
    "Accept-Encoding: gzip;q=0, *\r\n",
    "Accept: text/html\r\n",
    "q=0.0001",
    "A: b\r\n".repeat(400),
  ],
  "x".repeat(9000),
].map((token) => Buffer.from(token, "latin1"));

/** What may stand in a target: it gets past the parser, to the paths. */
const TARGET_TOKENS = [
  ...[
    "/",
    "//",
    "./",
    "../",
    "..",
    ".",
    "%2e",
    "%2e%2e/",
    "%2F",
    "%5c",
    "\\",
    "%00",
    "%0d%0a",
    "%ff",
  ],
  ...[
    "%c0%ae",
    "%",
    "%4",
    "%zz",
    "~",
    ";a=b",
    "?",
    "?x=",
    "%3f",
    "*",
    ":",
    "@",
    "&",
    "=",
    "%25",
    "%20",
  ],
  ...[
    "dir",
    "dir/",
    "hello.txt",
    "data.bin",
    "big.bin",
    "escape.txt",
    ".well-known/",
    "secret.txt",
  ],
  ...["a".repeat(300), "/a".repeat(200), "%41".repeat(90), "http://localhost/", "%e2%82%ac", "."],
].map((token) => Buffer.from(token, "latin1"));

/** What may stand in a field's value: it gets past the parser, to what reads that field. */
const VALUE_TOKENS = [
  ...[
    "0",
    "1",
    "-",
    "-1",
    "999",
    "1000",
    "9007199254740993",
    ",",
    ", ,",
    ";",
    ";q=0",
    ";q=1.001",
    "q=",
  ],
  ...[
    '"',
    '""',
    '"a',
    "W/",
    'W/"',
    "*",
    "*/*",
    "/",
    "=",
    "bytes=",
    "bytes=0-",
    "0-0,-1",
    "5-2",
    "-0",
    "-5",
  ],
  ...[
    "0-9,".repeat(80),
    "Tue, 02 Jan 2024 03:04:05 GMT",
    "GMT",
    "2024",
    "99",
    "gzip",
    "br",
    "identity",
  ],
  ...[
    "close",
    "keep-alive",
    "chunked",
    "100-continue",
    "text/html",
    "\t",
    " ",
    "\xe9",
    "\\",
    "localhost",
  ],
  ...["localhost:80", ":0", ":99999", ".", "127.0.0.1", "[::1]", "example.org", "v".repeat(500)],
].map((token) => Buffer.from(token, "latin1"));

type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const ANYWHERE: readonly Mutation[] = [
  function flipBits(bytes, random) {
    const changed = Buffer.from(bytes);
    for (let count = 1 + random.below(4); count > 0; count -= 1) {
      const at = random.below(bytes.length);
      changed[at] = changed[at]! ^ (1 << random.below(8));
    }
    return changed;
  },
  function insertByte(bytes, random) {
    return spliced(bytes, random.below(bytes.length + 1), 0, Buffer.of(random.below(256)));
  },
  function insertToken(bytes, random) {
    return spliced(bytes, random.below(bytes.length + 1), 0, random.pick(TOKENS));
  },
  function overwriteByToken(bytes, random) {
    const token = random.pick(TOKENS);
    return spliced(bytes, random.below(bytes.length), token.length, token);
  },
  function removeRange(bytes, random) {
    return spliced(bytes, random.below(bytes.length), 1 + random.below(12), NOTHING);
  },
  function doubleRange(bytes, random) {
    const at = random.below(bytes.length);
    const range = bytes.subarray(at, at + 1 + random.below(64));
    return spliced(bytes, at, 0, range);
  },
  function doubleLine(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    return spliced(bytes, random.pick([start, end]), 0, bytes.subarray(start, end));
  },
  function removeLine(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    return spliced(bytes, start, end - start, NOTHING);
  },
  function changeNumber(bytes, random) {
    const text = bytes.toString("latin1");
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: digits } = random.pick(numbers);
    return spliced(bytes, index, digits.length, random.pick(TOKENS));
  },
  function changeCase(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    const line = bytes.toString("latin1", start, end);
    const changed = random.pick([line.toUpperCase(), line.toLowerCase()]);
    return spliced(bytes, start, end - start, Buffer.from(changed, "latin1"));
  },
  function joinWithOther(bytes, random, others) {
    const other = random.pick(others);
    const head = bytes.subarray(0, random.below(bytes.length + 1));
    return Buffer.concat([head, other.subarray(random.below(other.length))]);
  },
  function cutShort(bytes, random) {
    return bytes.subarray(0, 1 + random.below(bytes.length));
  },
];

/** Those that most often leave a request which is read: what comes behind the parser has work. */
const IN_PLACE: readonly Mutation[] = [
  function changeTarget(bytes, random) {
    const start = bytes.indexOf(" ") + 1;
    const end = bytes.indexOf(" ", start);
    if (end < 0) return bytes;
    return spliced(bytes, within(start, end, random), random.below(3), random.pick(TARGET_TOKENS));
  },
  function changeValue(bytes, random) {
    const { start, end } = lineAt(bytes, random.below(bytes.length));
    const colon = bytes.indexOf(":", start);
    if (colon < 0 || colon >= end) return bytes;
    const at = within(colon + 1, Math.max(colon + 1, end - 2), random);
    return spliced(
      bytes,
      at,
      Math.min(random.below(4), Math.max(0, end - 2 - at)),
      random.pick(VALUE_TOKENS),
    );
  },
  function addField(bytes, random) {
    const lineEnd = bytes.indexOf("\r\n");
    if (lineEnd < 0) return bytes;
    const name = random.pick(FIELD_NAMES);
    const value = Buffer.concat([random.pick(VALUE_TOKENS), random.pick(VALUE_TOKENS)]);
    return spliced(bytes, lineEnd + 2, 0, Buffer.concat([Buffer.from(`${name}: `), value, CRLF]));
  },
];

const FIELD_NAMES = [
  ...["Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"],
  ...[
    "Accept",
    "Accept-Encoding",
    "Connection",
    "Expect",
    "User-Agent",
    "Referer",
    "TE",
    "Upgrade",
  ],
];
const CRLF = Buffer.from("\r\n");
const BYTES_MAX = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** One of `seeds`, mutated. Never empty. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  let bytes = random.pick(seeds);
  const mutations = random.pick([ANYWHERE, IN_PLACE]);
  do {
    const changed = random.pick(mutations)(bytes, random, seeds);
    if (changed.length > 0) bytes = changed.subarray(0, BYTES_MAX);
  } while (random.below(2) > 0);
  return bytes;
}

function spliced(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

function within(start: number, end: number, random: Random): number {
  return start + random.below(end - start + 1);
}

/** The line round `at`, with its end. */
function lineAt(bytes: Buffer, at: number): { start: number; end: number } {
  const start = at === 0 ? 0 : bytes.lastIndexOf("\n", at - 1) + 1;
  const end = bytes.indexOf("\n", at);
  return { start, end: end < 0 ? bytes.length : end + 1 };
}

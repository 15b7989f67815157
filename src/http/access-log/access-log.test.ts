import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAccess, type AccessFacts } from "./access-log.ts";

const REQUEST = {
  method: "GET",
  target: "/a?b=c",
  minorVersion: 1,
  host: "example.org",
  referer: "https://example.org/",
  userAgent: "curl/8.5.0",
};
const FACTS: AccessFacts = {
  remoteAddress: "192.0.2.7",
  receivedMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  durationMs: 1.23456,
  id: "abc",
  request: REQUEST,
  status: 200,
  bodyBytes: 1234,
};
const COMMON = '192.0.2.7 - - [02/Jan/2026:03:04:05 +0000] "GET /a?b=c HTTP/1.1" 200 1234';

/** How analysers read a combined line: quoted values may hold backslashed characters. */
const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`;
const COMBINED = new RegExp(
  String.raw`^(\S+) - (\S+) \[([^\]]+)\] ${QUOTED} (\d{3}) (\d+|-) ${QUOTED} ${QUOTED}$`,
);

function withRequest(request: Partial<typeof REQUEST>): AccessFacts {
  return { ...FACTS, request: { ...REQUEST, ...request } };
}

test("common is the line that every tool knows", () => {
  assert.equal(formatAccess("common", FACTS), COMMON);
});

test("combined adds referer and user agent", () => {
  const line = formatAccess("combined", FACTS);
  assert.equal(line, `${COMMON} "https://example.org/" "curl/8.5.0"`);
});

test("the time is that of the request, second by second, back and forth", () => {
  const times = [0, 999, 1000, -1, 86_400_000 * 59].map((ms) => {
    const receivedMs = Date.UTC(2026, 0, 1) + ms;
    return /\[(.*)\]/.exec(formatAccess("common", { ...FACTS, receivedMs }))![1];
  });
  assert.deepEqual(times, [
    "01/Jan/2026:00:00:00 +0000",
    "01/Jan/2026:00:00:00 +0000",
    "01/Jan/2026:00:00:01 +0000",
    "31/Dec/2025:23:59:59 +0000",
    "01/Mar/2026:00:00:00 +0000",
  ]);
});

const MISSING: { of: string; facts: AccessFacts; line: RegExp }[] = [
  { of: "no body", facts: { ...FACTS, bodyBytes: 0 }, line: /" 200 - "/ },
  {
    of: "no request",
    facts: { ...FACTS, request: null, status: 400 },
    line: /\] "-" 400 1234 "-" "-"$/,
  },
  { of: "a unix socket", facts: { ...FACTS, remoteAddress: "" }, line: /^- - - \[/ },
  {
    of: "mapped IPv4",
    facts: { ...FACTS, remoteAddress: "::ffff:192.0.2.7" },
    line: /^192\.0\.2\.7 -/,
  },
  { of: "IPv6", facts: { ...FACTS, remoteAddress: "2001:db8::7" }, line: /^2001:db8::7 -/ },
  { of: "no referer", facts: withRequest({ referer: null as never }), line: / "-" "curl/ },
  { of: "an empty agent", facts: withRequest({ userAgent: "" }), line: /" "-"$/ },
  { of: "HTTP/1.0", facts: withRequest({ minorVersion: 0 }), line: /"GET \/a\?b=c HTTP\/1\.0"/ },
  { of: "a user", facts: { ...FACTS, user: "ann" }, line: /^192\.0\.2\.7 - ann \[/ },
  {
    of: "a user with blanks",
    facts: { ...FACTS, user: 'a b" "c' },
    line: /- a\\x20b\\"\\x20\\"c \[/,
  },
  {
    of: "a user beyond latin1",
    facts: { ...FACTS, user: "Ωé" },
    line: /- \\xce\\xa9\\xc3\\xa9 \[/,
  },
];
for (const { of, facts, line } of MISSING) {
  test(`a line of ${of} is one that tools can read`, () => {
    const written = formatAccess("combined", facts);
    assert.match(written, line);
    assert.match(written, COMBINED);
  });
}

const HOSTILE: { raw: string; written: string }[] = [
  { raw: 'x" 200 5 "-" "y', written: 'x\\" 200 5 \\"-\\" \\"y' },
  { raw: "back\\slash\\", written: "back\\\\slash\\\\" },
  { raw: '\\"', written: '\\\\\\"' },
  { raw: 'a\r\n192.0.2.8 - - "', written: 'a\\x0d\\x0a192.0.2.8 - - \\"' },
  { raw: "\x1b[2J\x1b]0;owned\x07", written: "\\x1b[2J\\x1b]0;owned\\x07" },
  { raw: "a\x7fb\0c\td", written: "a\\x7fb\\x00c\\x09d" },
  { raw: "\x9b31m\x85", written: "\\x9b31m\\x85" },
  { raw: Buffer.from("🎉é").toString("latin1"), written: "\\xf0\\x9f\\x8e\\x89\\xc3\\xa9" },
  { raw: "%22%0a\\x22", written: "%22%0a\\\\x22" },
];
for (const { raw, written } of HOSTILE) {
  test(`${JSON.stringify(raw)} is one value, ${JSON.stringify(written)}`, () => {
    const facts = withRequest({ userAgent: raw, referer: raw, target: `/${raw}` });
    const parts = COMBINED.exec(formatAccess("combined", facts));
    assert.deepEqual(parts?.slice(4), [
      `GET /${written} HTTP/1.1`,
      "200",
      "1234",
      written,
      written,
    ]);
  });

  test(`${JSON.stringify(raw)} comes back out of JSON as it went in`, () => {
    const line = formatAccess("json", withRequest({ userAgent: raw, referer: raw }));
    assert.match(line, /^[ -~]+$/);
    assert.equal(JSON.parse(line).userAgent, raw);
    assert.equal(JSON.parse(line).referer, raw);
  });
}

test("json holds every key, null for what is not known", () => {
  assert.deepEqual(JSON.parse(formatAccess("json", FACTS)), {
    time: "2026-01-02T03:04:05.678Z",
    id: "abc",
    remoteAddress: "192.0.2.7",
    user: null,
    host: "example.org",
    method: "GET",
    target: "/a?b=c",
    protocol: "HTTP/1.1",
    status: 200,
    bodyBytes: 1234,
    durationMs: 1.235,
    referer: "https://example.org/",
    userAgent: "curl/8.5.0",
  });
  const unread = JSON.parse(formatAccess("json", { ...FACTS, remoteAddress: "", request: null }));
  const nulls = Object.keys(unread).filter((key) => unread[key] === null);
  assert.deepEqual(nulls, [
    ...["remoteAddress", "user", "host", "method", "target", "protocol", "referer", "userAgent"],
  ]);
});

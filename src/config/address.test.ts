import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAddress } from "./address.ts";

const GOOD = [
  { text: "8080", expected: { kind: "tcp", host: "127.0.0.1", port: 8080 } },
  { text: "0", expected: { kind: "tcp", host: "127.0.0.1", port: 0 } },
  { text: "0.0.0.0:80", expected: { kind: "tcp", host: "0.0.0.0", port: 80 } },
  { text: "localhost:65535", expected: { kind: "tcp", host: "localhost", port: 65535 } },
  {
    text: "my-host.example.org:1",
    expected: { kind: "tcp", host: "my-host.example.org", port: 1 },
  },
  { text: "[::1]:8443", expected: { kind: "tcp", host: "::1", port: 8443 } },
  { text: "[::]:0", expected: { kind: "tcp", host: "::", port: 0 } },
  { text: "unix:/run/p.sock", expected: { kind: "unix", path: "/run/p.sock" } },
  { text: "unix:var/p.sock", expected: { kind: "unix", path: "/etc/portico/var/p.sock" } },
];
for (const { text, expected } of GOOD) {
  test(`${text} is an address`, () => {
    assert.deepEqual(parseAddress(text, "/etc/portico"), expected);
  });
}

const BAD: [string, RegExp][] = [
  ["", /not an address, such as/],
  ["x", /not an address, such as/],
  ["localhost", /not an address/],
  ["http://localhost:80", /not an address/],
  ["65536", /ports go from 0/],
  ["99999999999", /ports go from 0/],
  ["localhost:", /"" is not a port/],
  ["localhost:http", /"http" is not a port/],
  ["localhost:-1", /"-1" is not a port/],
  ["localhost:80 ", /"80 " is not a port/],
  [":8080", /which host\?.*"0\.0\.0\.0:8080" is open to all/],
  ["*:8080", /which host\?/],
  ["::1:8080", /in brackets: "\[::1\]:8080"/],
  ["::1", /in brackets/],
  ["[127.0.0.1]:80", /not an IPv6 address/],
  ["[::1]", /not an address/],
  ["[::1]8080", /not an address/],
  ["[]:80", /not an IPv6 address/],
  ["999.1.1.1:80", /no host name or IPv4/],
  ["1.2.3:80", /no host name or IPv4/],
  ["a b:80", /no host name/],
  ["a..b:80", /no host name/],
  [`${"a".repeat(300)}:80`, /no host name/],
  ["unix:", /needs a path/],
  ["unix:a\0b", /needs a path/],
  [`unix:/${"a".repeat(107)}`, /108 bytes long .* 107 is the most/],
];
for (const [text, words] of BAD) {
  test(`refuses ${JSON.stringify(text.slice(0, 30))} as an address, in words`, () => {
    const found = parseAddress(text, "/");
    assert.ok(typeof found === "string", JSON.stringify(found));
    assert.match(found, words);
  });
}

test("any text is an address with a port in range, or refused in words", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."[]:.0189af*-unix/ %") }), (text) => {
      const found = parseAddress(text);
      if (typeof found === "string") assert.ok(found.length > 10);
      else if (found.kind === "tcp") assert.ok(found.port >= 0 && found.port <= 65535);
      else assert.ok(found.path.startsWith("/"));
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { hostKey, isLoopbackName, parseHost } from "./host-names.ts";

const KEYS = [
  { host: "example.org", key: "example.org" },
  { host: "example.org.", key: "example.org" },
  { host: ".", key: "." },
  { host: "", key: "" },
  { host: "[0:0:0:0:0:0:0:1]", key: "[::1]" },
  { host: "[::0001]", key: "[::1]" },
  { host: "[::ffff:127.0.0.1]", key: "[::ffff:7f00:1]" },
  { host: "[2001:db8:0:0:1::]", key: "[2001:db8:0:0:1::]" },
  { host: "[v1.a]", key: "[v1.a]" },
  { host: "[::1", key: "[::1" },
];
for (const { host, key } of KEYS) {
  test(`the one spelling of ${JSON.stringify(host)} is ${JSON.stringify(key)}`, () => {
    assert.equal(hostKey(host), key);
  });
}

const LOOPBACK = ["localhost", "a.localhost", "a.b.localhost", "127.0.0.1", "127.255.255.254"];
for (const host of [
  ...LOOPBACK,
  "[::1]",
  "[0::1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7fff:1]",
  "localhost.",
]) {
  test(`${host} means this machine`, () => {
    assert.equal(isLoopbackName(host), true);
  });
}
const ELSEWHERE = [
  "127.0.0.1.evil.example",
  "127.evil.example",
  "localhost.evil.example",
  "evillocalhost",
  "127.1",
  "127.0.0",
  "127.0.0.256",
  "127.0.0.01",
  "128.0.0.1",
  "0.0.0.0",
  "10.0.0.1",
  "2130706433",
  "0x7f.0.0.1",
  "[::]",
  "[::2]",
  "[::127.0.0.1]",
  "[::ffff:126.0.0.1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[fe80::1]",
  "[::1]evil.example",
  ".",
];
for (const host of ELSEWHERE) {
  test(`${host} does not mean this machine`, () => {
    assert.equal(isLoopbackName(host), false);
  });
}

const GOOD = [
  { text: "Example.ORG.", expected: { text: "example.org", below: null } },
  { text: "*.example.org", expected: { text: "*.example.org", below: ".example.org" } },
  { text: "localhost", expected: { text: "localhost", below: null } },
  { text: "10.0.0.1", expected: { text: "10.0.0.1", below: null } },
  { text: "[0:0::1]", expected: { text: "[::1]", below: null } },
  { text: "my_host-1", expected: { text: "my_host-1", below: null } },
];
for (const { text, expected } of GOOD) {
  test(`a site may name ${text}`, () => {
    assert.deepEqual(parseHost(text), expected);
  });
}

const BAD = [
  { text: "", says: "leave `hosts` out" },
  { text: "*", says: "leave `hosts` out" },
  { text: "http://example.org", says: "without a scheme" },
  { text: "example.org/a", says: "without a scheme or a path" },
  { text: "me@example.org", says: "without a scheme" },
  { text: "exa mple.org", says: "a name alone" },
  { text: "example.org:8080", says: "leave the port out" },
  { text: "[::1]:80", says: "without a port" },
  { text: "[::1", says: "without a port" },
  { text: "[::1%eth0]", says: "without a port" },
  { text: "::1", says: 'write "[::1]"' },
  { text: "example.*", says: "stands first" },
  { text: "a.*.org", says: "stands first" },
  { text: "*example.org", says: "stands first" },
  { text: "*.*.org", says: "stands first" },
  { text: "*.", says: "labels" },
  { text: ".example.org", says: "labels" },
  { text: "a..b", says: "labels" },
  { text: "-a.org", says: "labels" },
  { text: "bücher.example", says: 'write "xn--bcher-kva.example"' },
  { text: `${"a".repeat(64)}.org`, says: "labels" },
  { text: `${"a.".repeat(130)}org`, says: "labels" },
];
for (const { text, says } of BAD) {
  test(`a site may not name ${JSON.stringify(text.slice(0, 40))}`, () => {
    const complaint = parseHost(text);
    assert.equal(typeof complaint, "string");
    assert.ok((complaint as string).includes(says), complaint as string);
  });
}

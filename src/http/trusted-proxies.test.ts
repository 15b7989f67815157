import assert from "node:assert/strict";
import { test } from "node:test";
import { exchangeOf } from "../testing/index.ts";
import type { Exchange } from "./exchange/index.ts";
import { proxyComplaint, TrustedProxies } from "./trusted-proxies.ts";

const TLS = { "X-Forwarded-Proto": "https" };
const proxies = new TrustedProxies(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "::1"]);

function from(remoteAddress: string, fields: Record<string, string>, unix = false): Exchange {
  const exchange = exchangeOf({ fields });
  Object.assign(exchange.connection, { remoteAddress, unix });
  return exchange;
}

const PEERS: [address: string, isTrusted: boolean][] = [
  ["127.0.0.1", true],
  ["127.0.0.2", false],
  ["10.255.0.1", true],
  ["11.0.0.1", false],
  ["::ffff:10.0.0.1", true],
  ["::ffff:11.0.0.1", false],
  ["2001:db8:1::5", true],
  ["2001:db9::5", false],
  ["::1", true],
  ["::2", false],
  ["", false],
];
for (const [address, isTrusted] of PEERS) {
  test(`${address || "nobody"} is ${isTrusted ? "" : "not "}believed`, () => {
    assert.equal(proxies.saysTls(from(address, TLS)), isTrusted);
  });
}

test("who comes by a unix socket is believed where that is said", () => {
  assert.equal(proxies.saysTls(from("", TLS, true)), false);
  assert.equal(new TrustedProxies(["unix:"]).saysTls(from("", TLS, true)), true);
  assert.equal(new TrustedProxies(["unix:"]).saysTls(from("127.0.0.1", TLS)), false);
});

const SAID: [fields: Record<string, string>, isTls: boolean][] = [
  [{}, false],
  [{ "X-Forwarded-Proto": "HTTPS" }, true],
  [{ "X-Forwarded-Proto": "http" }, false],
  [{ "X-Forwarded-Proto": "" }, false],
  [{ "X-Forwarded-Proto": "https2" }, false],
  [{ "X-Forwarded-Proto": "https, http" }, false], // the client wrote the first
  [{ "X-Forwarded-Proto": "http, https" }, true],
  [{ "X-Forwarded-Protocol": "https" }, false],
  [{ "X-Forwarded-Ssl": "on" }, false],
  [{ Forwarded: "for=1.2.3.4;proto=https" }, true],
  [{ Forwarded: 'for="[::1]:5" ; Proto="https";by=x' }, true],
  [{ Forwarded: "proto=https, for=1.2.3.4" }, false],
  [{ Forwarded: "proto=http, proto=https" }, true],
  [{ Forwarded: "proto=http;proto=https" }, false],
  [{ Forwarded: 'for="a;proto=https"' }, false],
  [{ Forwarded: "https" }, false],
  [{ Forwarded: "proto=http", "X-Forwarded-Proto": "https" }, false],
  [{ Forwarded: "proto=https", "X-Forwarded-Proto": "http" }, false],
  [{ Forwarded: "proto=https", "X-Forwarded-Proto": "https" }, true],
];
for (const [fields, isTls] of SAID) {
  test(`${JSON.stringify(fields)} says ${isTls ? "TLS" : "nothing"}`, () => {
    assert.equal(proxies.saysTls(from("127.0.0.1", fields)), isTls);
  });
}

for (const written of [
  "127.0.0.1",
  "0.0.0.0/0",
  "10.0.0.0/8",
  "::1",
  "fd00::/8",
  "::/0",
  "unix:",
]) {
  test(`${written} may be trusted`, () => assert.equal(proxyComplaint(written), null));
}

const WRONG = ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0/8", "10.0.0.0/08"];
const WORSE = ["10.0.0.0/-1", "10.0.0.0/8/8", "*", "127.0.0.1:80", "[::1]", "fe80::1%lo", " ::1"];
for (const written of [...WRONG, ...WORSE]) {
  test(`${JSON.stringify(written)} is no proxy`, () => assert.ok(proxyComplaint(written)));
}

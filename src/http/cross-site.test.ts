import assert from "node:assert/strict";
import { test } from "node:test";
import { Exchange } from "./exchange/index.ts";
import { exchangeOf, fieldsOf } from "../testing/index.ts";
import { crossSiteRefusal } from "./cross-site.ts";

function asked(fields: Record<string, string>, authority = "files.example:8080"): Exchange {
  const request = { method: "POST", target: "/", minorVersion: 1, fields: fieldsOf(fields) };
  const address = { host: "", authority, path: "/", rawPath: "/", query: "" };
  return new Exchange(request, address, exchangeOf({}), () => {
    throw new Error("nothing is sent on");
  });
}

const PASSES: readonly Record<string, string>[] = [
  {},
  { "Sec-Fetch-Site": "same-origin" },
  { "Sec-Fetch-Site": "none" },
  { Origin: "http://files.example:8080" },
  { Origin: "https://FILES.example:8080" },
  { "Sec-Fetch-Site": "same-origin", Origin: "http://behind-a-proxy.example" },
];
for (const fields of PASSES) {
  test(`${JSON.stringify(fields)} passes`, () => {
    assert.equal(crossSiteRefusal(asked(fields)), null);
  });
}

const REFUSED: readonly Record<string, string>[] = [
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "" },
  { "Sec-Fetch-Site": "Same-Origin" },
  { "Sec-Fetch-Site": "none, none" },
  { "Sec-Fetch-Site": "cross-site", Origin: "http://files.example:8080" },
  { Origin: "null" },
  { Origin: "" },
  { Origin: "http://files.example" },
  { Origin: "http://files.example:8081" },
  { Origin: "http://evil.example" },
  { Origin: "http://files.example:8080.evil.example" },
  { Origin: "http://evil.example/files.example:8080" },
  { Origin: "file://files.example:8080" },
];
for (const fields of REFUSED) {
  test(`${JSON.stringify(fields)} is refused`, () => {
    assert.equal(crossSiteRefusal(asked(fields))?.code, "crossSite");
  });
}

const PORTS: readonly [origin: string, authority: string][] = [
  ["http://files.example", "files.example:80"],
  ["http://files.example:80", "files.example"],
  ["https://files.example", "files.example:443"],
  ["http://[::1]", "[::1]:80"],
];
for (const [origin, authority] of PORTS) {
  test(`${origin} is ${authority}`, () => {
    assert.equal(crossSiteRefusal(asked({ Origin: origin }, authority)), null);
  });
}

test("an origin that may send is let in, others are not", () => {
  const origins = ["https://app.example"];
  const fields = { "Sec-Fetch-Site": "cross-site", Origin: "https://app.example" };
  assert.equal(crossSiteRefusal(asked(fields), origins), null);
  const other = { ...fields, Origin: "https://other.example" };
  assert.equal(crossSiteRefusal(asked(other), origins)?.code, "crossSite");
  assert.equal(crossSiteRefusal(asked(other), ["*"]), null);
  const none = { "Sec-Fetch-Site": "cross-site" };
  assert.equal(crossSiteRefusal(asked(none), origins)?.code, "crossSite");
});

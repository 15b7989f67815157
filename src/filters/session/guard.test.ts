import assert from "node:assert/strict";
import { test } from "node:test";
import { exchangeOf } from "../../testing/index.ts";
import { guardRefusal } from "./guard.ts";

const FROM_OTHERS: Record<string, string>[] = [
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "" },
  { "Sec-Fetch-Site": "cross-site", Origin: "http://localhost" },
  { Origin: "https://evil.example" },
  { Origin: "http://localhost:81" },
  { Origin: "http://localhost.evil.example" },
  { Origin: "null" },
  { Origin: "" },
];
const FROM_HERE: Record<string, string>[] = [
  {},
  { "Sec-Fetch-Site": "same-origin" },
  { "Sec-Fetch-Site": "none" },
  { Origin: "http://localhost" },
  { "Sec-Fetch-Site": "same-origin", Origin: "http://localhost" },
  { Origin: "https://app.example" },
  { Origin: "https://app.example", "Sec-Fetch-Site": "cross-site" },
];

const code = (method: string, fields: Record<string, string>): string | undefined =>
  guardRefusal(exchangeOf({ method, fields }), ["https://app.example"])?.code;

for (const method of ["POST", "PUT", "PATCH", "DELETE", "BREW", "get"]) {
  for (const fields of FROM_OTHERS) {
    test(`${method} by ${JSON.stringify(fields)} is refused`, () => {
      assert.equal(code(method, fields), "crossSite");
    });
  }
  for (const fields of FROM_HERE) {
    test(`${method} by ${JSON.stringify(fields)} comes through`, () => {
      assert.equal(code(method, fields), undefined);
    });
  }
}

for (const method of ["GET", "HEAD", "OPTIONS"]) {
  for (const fields of FROM_OTHERS) {
    test(`${method} by ${JSON.stringify(fields)} changes nothing, and comes through`, () => {
      assert.equal(code(method, fields), undefined);
    });
  }
}

test("a web socket that a page of another site opens is refused, one from here is not", () => {
  for (const fields of FROM_OTHERS) {
    assert.equal(code("GET", { ...fields, Upgrade: "websocket" }), "crossSite");
  }
  for (const fields of FROM_HERE) {
    assert.equal(code("GET", { ...fields, Upgrade: "websocket" }), undefined);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldVariables } from "../../testing/index.ts";

test("field lines of one name are joined, Cookie's by semicolons", () => {
  const got = fieldVariables([
    ["X-One", "1"],
    ["x-one", "2"],
    ["Cookie", "a=1"],
    ["Accept", "text/html"],
    ["X-ONE", "3"],
    ["cookie", "b=2"],
    ["X-Empty", ""],
  ]);
  assert.deepEqual(got, {
    HTTP_X_ONE: "1, 2, 3",
    HTTP_COOKIE: "a=1; b=2",
    HTTP_ACCEPT: "text/html",
    HTTP_X_EMPTY: "",
  });
});

for (const name of [
  ...["Proxy", "PROXY", "Proxy-Authorization", "Authorization", "X_One", "X.One", "X One", "X$"],
  ...[
    "Connection",
    "Keep-Alive",
    "Transfer-Encoding",
    "TE",
    "Trailer",
    "Upgrade",
    "Content_Length",
  ],
  ...["Content-Length", "Content-Type", "Proxy-Connection", "X'Y", "Ⅹ-One"],
]) {
  test(`${name} becomes no variable`, () => {
    assert.deepEqual(fieldVariables([[name, "value"]]), {});
  });
}

test("Authorization is handed on where the route says so, and only that", () => {
  const lines = [
    ["Authorization", "Basic QQ=="],
    ["Proxy-Authorization", "Basic QQ=="],
  ] as const;
  const got = fieldVariables(lines, { passAuthorization: true });
  assert.deepEqual(got, { HTTP_AUTHORIZATION: "Basic QQ==" });
});

test("a name with `_` does not pose as one with `-`, whichever comes first", () => {
  const evil = ["X_Forwarded_User", "evil"] as const;
  const good = ["X-Forwarded-User", "good"] as const;
  for (const lines of [
    [evil, good],
    [good, evil],
  ]) {
    assert.deepEqual(fieldVariables(lines), { HTTP_X_FORWARDED_USER: "good" });
  }
});

test("no field sets a variable of the server's", () => {
  const got = fieldVariables([
    ["Script-Name", "x"],
    ["Http-Proxy", "x"],
  ]);
  assert.deepEqual(got, { HTTP_SCRIPT_NAME: "x", HTTP_HTTP_PROXY: "x" });
});

test("bytes of a value pass unchanged", () => {
  const latin1 = Buffer.from("prö").toString("latin1");
  assert.deepEqual(fieldVariables([["User-Agent", latin1]]), { HTTP_USER_AGENT: "prö" });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fields } from "../../protocol/index.ts";
import { exchangeOf, type AskedFor } from "../../testing/index.ts";
import { MetaVariables, type MetaVariableRules, type VariableBytes } from "./meta-variables.ts";

/** Keeps what is written; a name that is written twice is a mistake. */
class Written implements VariableBytes {
  readonly variables: Record<string, string> = {};

  text(name: string, value: string): void {
    this.#set(name, value);
  }

  latin1(name: string, value: string): void {
    this.#set(name, Buffer.from(value, "latin1").toString());
  }

  ready(bytes: Uint8Array): void {
    const pairs = JSON.parse(Buffer.from(bytes).toString()) as Record<string, string>;
    for (const [name, value] of Object.entries(pairs)) this.#set(name, value);
  }

  take(): Uint8Array {
    return Buffer.from(JSON.stringify(this.variables));
  }

  #set(name: string, value: string): void {
    assert.ok(!(name in this.variables), `${name} is written twice`);
    this.variables[name] = value;
  }
}

const PLACE = { scriptName: "/cgi-bin/a.py", pathInfo: "", scriptFile: "/srv/cgi-bin/a.py" };
const RULES: MetaVariableRules = { env: {}, documentRoot: "/srv/www", passAuthorization: false };

function variablesOf(
  asked: AskedFor,
  rules: Partial<MetaVariableRules> = {},
  place = PLACE,
  contentBytes: number | null = null,
): Record<string, string> {
  const written = new Written();
  const variables = new MetaVariables({ ...RULES, ...rules }, () => new Written());
  variables.write(exchangeOf(asked), place, contentBytes, written);
  return written.variables;
}

/** Field lines as they came, names in any case, any of them more than once. */
function linesOf(lines: readonly (readonly [string, string])[]): Fields {
  const all = (name: string): string[] =>
    lines.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  return {
    get: (name) => (all(name).length === 0 ? null : all(name).join(", ")),
    has: (name) => all(name).length > 0,
    all,
    entries: () => lines.map(([name, value]): [string, string] => [name, value])[Symbol.iterator](),
  };
}

function fieldVariables(
  lines: readonly (readonly [string, string])[],
  rules: Partial<MetaVariableRules> = {},
): Record<string, string> {
  const written = new Written();
  const exchange = exchangeOf({});
  Object.assign(exchange, { request: { ...exchange.request, fields: linesOf(lines) } });
  new MetaVariables({ ...RULES, ...rules }, () => new Written()).write(
    exchange,
    PLACE,
    null,
    written,
  );
  return Object.fromEntries(
    Object.entries(written.variables).filter(([name]) => name.startsWith("HTTP_")),
  );
}

test("a request without content has these, and no others", () => {
  assert.deepEqual(variablesOf({ target: "/cgi-bin/a.py?x=1+2&y=%20" }), {
    GATEWAY_INTERFACE: "CGI/1.1",
    SERVER_SOFTWARE: "portico",
    REDIRECT_STATUS: "200",
    DOCUMENT_ROOT: "/srv/www",
    SCRIPT_NAME: "/cgi-bin/a.py",
    SCRIPT_FILENAME: "/srv/cgi-bin/a.py",
    REQUEST_METHOD: "GET",
    REQUEST_URI: "/cgi-bin/a.py?x=1+2&y=%20",
    QUERY_STRING: "x=1+2&y=%20",
    SERVER_PROTOCOL: "HTTP/1.1",
    REQUEST_SCHEME: "http",
    SERVER_NAME: "localhost",
    SERVER_PORT: "80",
    REMOTE_ADDR: "127.0.0.1",
    REMOTE_PORT: "1",
    SERVER_ADDR: "127.0.0.1",
  });
});

test("PATH_INFO brings PATH_TRANSLATED, below the document root", () => {
  const { PATH_INFO, PATH_TRANSLATED } = variablesOf({}, {}, { ...PLACE, pathInfo: "/a b/cü+d" });
  assert.equal(PATH_INFO, "/a b/cü+d");
  assert.equal(PATH_TRANSLATED, "/srv/www/a b/cü+d");
});

test("without a document root nothing is translated", () => {
  const got = variablesOf({}, { documentRoot: null }, { ...PLACE, pathInfo: "/a" });
  assert.equal(got["PATH_INFO"], "/a");
  assert.ok(!("PATH_TRANSLATED" in got) && !("DOCUMENT_ROOT" in got));
});

test("content has a length and a type, which are no HTTP_ variables", () => {
  const fields = { "Content-Type": "text/plain", "Content-Length": "9" };
  const got = variablesOf({ method: "POST", fields }, {}, PLACE, 9);
  assert.equal(got["CONTENT_LENGTH"], "9");
  assert.equal(got["CONTENT_TYPE"], "text/plain");
  assert.ok(!Object.keys(got).some((name) => name.startsWith("HTTP_CONTENT")));
});

test("an absolute target is told without its host", () => {
  for (const [target, expected] of [
    ["http://example.org/a?b", "/a?b"],
    ["http://example.org", "/"],
    ["http://example.org?b", "/?b"],
    ["*", "*"],
  ] as const) {
    const exchange = exchangeOf({});
    Object.assign(exchange, { request: { ...exchange.request, target } });
    const written = new Written();
    new MetaVariables(RULES, () => new Written()).write(exchange, PLACE, null, written);
    assert.equal(written.variables["REQUEST_URI"], expected, target);
  }
});

test("over TLS HTTPS is on", () => {
  const exchange = exchangeOf({});
  Object.defineProperty(exchange, "connection", {
    value: { ...exchange.connection, localAddress: "127.0.0.1", secure: true, localPort: 443 },
  });
  const written = new Written();
  new MetaVariables(RULES, () => new Written()).write(exchange, PLACE, null, written);
  assert.equal(written.variables["HTTPS"], "on");
  assert.equal(written.variables["SERVER_PORT"], "443");
  assert.equal(written.variables["REQUEST_SCHEME"], "https");
});

test("on a unix socket nobody poses as an address of this machine", () => {
  const exchange = exchangeOf({});
  Object.assign(exchange, { authority: "example.org:8443" });
  Object.defineProperty(exchange, "connection", {
    value: { ...exchange.connection, remoteAddress: "", unix: true, localPort: 0 },
  });
  const written = new Written();
  new MetaVariables(RULES, () => new Written()).write(exchange, PLACE, null, written);
  assert.equal(written.variables["REMOTE_ADDR"], "unix:");
  assert.equal(written.variables["SERVER_PORT"], "8443");
  assert.ok(!("REMOTE_PORT" in written.variables) && !("SERVER_ADDR" in written.variables));
});

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

test("what the route sets is set once, whatever the request says", () => {
  const env = { HTTP_HOST: "fixed", QUERY_STRING: "q", SERVER_SOFTWARE: "s", OWN: "1" };
  const got = variablesOf({ target: "/a?b", fields: { Host: "evil" } }, { env });
  for (const [name, value] of Object.entries(env)) assert.equal(got[name], value);
});

test("of a head that comes again the same is said, by every route for itself", () => {
  const fields = linesOf([
    ["X-A", "\xe9"],
    ["Cookie", "a=1"],
    ["cookie", "b=2"],
  ]);
  const { request } = exchangeOf({ target: "/a/b?c" });
  const shared = { ...request, fields, kept: null };
  const one = new MetaVariables(RULES, () => new Written());
  const other = new MetaVariables({ ...RULES, env: { HTTP_X_A: "own" } }, () => new Written());
  const said = (
    variables: MetaVariables,
    { place = PLACE, query = "c", contentBytes = null as number | null, head = shared },
  ): Record<string, string> => {
    const written = new Written();
    const exchange = exchangeOf({ target: "/a/b?c" });
    Object.assign(exchange, { request: head, query });
    variables.write(exchange, place, contentBytes, written);
    return written.variables;
  };
  const cases = [
    {},
    { query: "sent=on" },
    { place: { ...PLACE, scriptName: "/other" } },
    { place: { ...PLACE, pathInfo: "/more" } },
    { place: { ...PLACE, scriptFile: "/srv/other" } },
    { contentBytes: 3 },
  ];
  for (const what of [...cases, ...cases.toReversed(), {}, {}]) {
    for (const variables of [one, one, one, other, other]) {
      const plain = said(variables, { ...what, head: { ...request, fields } as typeof shared });
      assert.deepEqual(said(variables, what), plain);
    }
  }
});

test("what was kept of one connection is not said of another", () => {
  const variables = new MetaVariables(RULES, () => new Written());
  for (const remotePort of [1, 2, 1]) {
    const exchange = exchangeOf({});
    Object.defineProperty(exchange, "connection", {
      value: { ...exchange.connection, remotePort },
    });
    const written = new Written();
    variables.write(exchange, PLACE, null, written);
    assert.equal(written.variables["REMOTE_PORT"], String(remotePort));
  }
});

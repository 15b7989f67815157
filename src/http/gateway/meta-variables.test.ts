import assert from "node:assert/strict";
import { test } from "node:test";
import {
  exchangeOf,
  SCRIPT_PLACE,
  VARIABLE_RULES,
  variablesOf,
  VariableNotes,
  linesOf,
  type AskedFor,
} from "../../testing/index.ts";
import { MetaVariables, type ScriptPlace, type VariableFacts } from "./meta-variables.ts";
import type { SessionFacts } from "./session-facts.ts";

const NO_FACTS: VariableFacts = { contentBytes: null, session: null };

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
  const { PATH_INFO, PATH_TRANSLATED } = variablesOf(
    {},
    {},
    { ...SCRIPT_PLACE, pathInfo: "/a b/cü+d" },
  );
  assert.equal(PATH_INFO, "/a b/cü+d");
  assert.equal(PATH_TRANSLATED, "/srv/www/a b/cü+d");
});

test("without a document root nothing is translated", () => {
  const got = variablesOf({}, { documentRoot: null }, { ...SCRIPT_PLACE, pathInfo: "/a" });
  assert.equal(got["PATH_INFO"], "/a");
  assert.ok(!("PATH_TRANSLATED" in got) && !("DOCUMENT_ROOT" in got));
});

test("content has a length and a type, which are no HTTP_ variables", () => {
  const fields = { "Content-Type": "text/plain", "Content-Length": "9" };
  const got = variablesOf({ method: "POST", fields }, {}, SCRIPT_PLACE, 9);
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
    const written = new VariableNotes();
    new MetaVariables(VARIABLE_RULES, () => new VariableNotes()).write(
      exchange,
      SCRIPT_PLACE,
      NO_FACTS,
      written,
    );
    assert.equal(written.variables["REQUEST_URI"], expected, target);
  }
});

test("over TLS HTTPS is on", () => {
  const exchange = exchangeOf({});
  Object.defineProperty(exchange, "connection", {
    value: { ...exchange.connection, localAddress: "127.0.0.1", secure: true, localPort: 443 },
  });
  const written = new VariableNotes();
  new MetaVariables(VARIABLE_RULES, () => new VariableNotes()).write(
    exchange,
    SCRIPT_PLACE,
    NO_FACTS,
    written,
  );
  assert.equal(written.variables["HTTPS"], "on");
  assert.equal(written.variables["SERVER_PORT"], "443");
  assert.equal(written.variables["REQUEST_SCHEME"], "https");
});

test("so it is where a trusted proxy says that it ended TLS, request by request", () => {
  const variables = new MetaVariables(VARIABLE_RULES, () => new VariableNotes());
  const { connection } = exchangeOf({});
  for (const isTls of [true, false, true]) {
    const exchange = exchangeOf({});
    Object.defineProperty(exchange, "connection", { value: connection });
    exchange.forwarders = { saysTls: () => isTls };
    const written = new VariableNotes();
    variables.write(exchange, SCRIPT_PLACE, NO_FACTS, written);
    const { HTTPS, REQUEST_SCHEME } = written.variables;
    assert.deepEqual([HTTPS, REQUEST_SCHEME], isTls ? ["on", "https"] : [undefined, "http"]);
  }
});

test("on a unix socket nobody poses as an address of this machine", () => {
  const exchange = exchangeOf({});
  Object.assign(exchange, { authority: "example.org:8443" });
  Object.defineProperty(exchange, "connection", {
    value: { ...exchange.connection, remoteAddress: "", unix: true, localPort: 0 },
  });
  const written = new VariableNotes();
  new MetaVariables(VARIABLE_RULES, () => new VariableNotes()).write(
    exchange,
    SCRIPT_PLACE,
    NO_FACTS,
    written,
  );
  assert.equal(written.variables["REMOTE_ADDR"], "unix:");
  assert.equal(written.variables["SERVER_PORT"], "8443");
  assert.ok(!("REMOTE_PORT" in written.variables) && !("SERVER_ADDR" in written.variables));
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
  const one = new MetaVariables(VARIABLE_RULES, () => new VariableNotes());
  const other = new MetaVariables(
    { ...VARIABLE_RULES, env: { HTTP_X_A: "own" } },
    () => new VariableNotes(),
  );
  type SaidOf = VariableFacts & { place: ScriptPlace; query: string; head: typeof shared };
  const said = (
    variables: MetaVariables,
    { place = SCRIPT_PLACE, query = "c", head = shared, ...facts }: Partial<SaidOf> = {},
  ): Record<string, string> => {
    const written = new VariableNotes();
    const exchange = exchangeOf({ target: "/a/b?c" });
    Object.assign(exchange, { request: head, query });
    variables.write(exchange, place, { ...NO_FACTS, ...facts }, written);
    return written.variables;
  };
  const cases = [
    {},
    { query: "sent=on" },
    { place: { ...SCRIPT_PLACE, scriptName: "/other" } },
    { place: { ...SCRIPT_PLACE, pathInfo: "/more" } },
    { place: { ...SCRIPT_PLACE, scriptFile: "/srv/other" } },
    { contentBytes: 3 },
    { session: { id: "a", user: null } },
    { session: { id: "b", user: "ann" } },
  ];
  for (const what of [...cases, ...cases.toReversed(), {}, {}]) {
    for (const variables of [one, one, one, other, other]) {
      const plain = said(variables, { ...what, head: { ...request, fields } as typeof shared });
      assert.deepEqual(said(variables, what), plain);
    }
  }
});

test("what was kept of one connection is not said of another", () => {
  const variables = new MetaVariables(VARIABLE_RULES, () => new VariableNotes());
  for (const remotePort of [1, 2, 1]) {
    const exchange = exchangeOf({});
    Object.defineProperty(exchange, "connection", {
      value: { ...exchange.connection, remotePort },
    });
    const written = new VariableNotes();
    variables.write(exchange, SCRIPT_PLACE, NO_FACTS, written);
    assert.equal(written.variables["REMOTE_PORT"], String(remotePort));
  }
});

test("of a session its id and user are told, and nothing where there is none", () => {
  const told = (session: SessionFacts | null, asked: AskedFor = {}, env = {}): unknown[] => {
    const variables = variablesOf(asked, { env }, SCRIPT_PLACE, null, session);
    return [variables["PORTICO_SESSION_ID"], variables["PORTICO_SESSION_USER"]];
  };
  assert.deepEqual(told({ id: "an-id", user: "Ann Ü" }), ["an-id", "Ann Ü"]);
  assert.deepEqual(told({ id: "an-id", user: null }), ["an-id", undefined]);
  const names = ["PORTICO_SESSION_ID", "PORTICO-SESSION-ID", "portico-session-user"];
  const fields = Object.fromEntries(names.map((name) => [name, "forged"]));
  const cookie = { Cookie: "PORTICO_SESSION_ID=forged; PORTICO_SESSION_USER=forged" };
  assert.deepEqual(told(null, { fields: { ...fields, ...cookie } }), [undefined, undefined]);
  const own = { PORTICO_SESSION_USER: "the route's" };
  assert.deepEqual(told({ id: "an-id", user: "ann" }, {}, own), ["an-id", "the route's"]);
});

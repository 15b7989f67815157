import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { releaseBody, Reply, type Answer, type RequestBody } from "../http/exchange/index.ts";
import { UNBOUND_SLOTS } from "../runtime/index.ts";
import { OpenFileCache } from "../storage/index.ts";
import { exchangeOf, roomContext, withTemporaryFolder, type AskedFor } from "../testing/index.ts";
import { assemble, boundBodies } from "./assemble.ts";
import { loadServerConfig } from "./check.ts";
import { BUILT_IN } from "./registry.ts";
import { slotBounds } from "./routes.ts";

function bodyOf(length: number, bytesMax: number): RequestBody {
  return { length, bytesMax, readyBytes: 0, read: async () => null, fill: async () => 0 };
}

type Ask = (asked: AskedFor & { host?: string; unix?: boolean }) => Promise<Answer>;

/** Runs `use` with what answers for a config in a folder that has `www/index.html`, `www/x.php`. */
async function assembled(
  toml: string,
  use: (ask: Ask, failed: (code: string, host: string) => Reply) => Promise<void>,
  host = "127.0.0.1",
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "www"));
    await writeFile(join(folder, "www/index.html"), "home");
    await writeFile(join(folder, "www/x.php"), "<?php secret();");
    await writeFile(join(folder, "lost.html"), "<h1>lost</h1>");
    const loaded = loadServerConfig(toml, join(folder, "portico.toml"));
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    const files = new OpenFileCache({ clock: systemClock });
    const parts = { ...roomContext({ files }), slotsOf: () => UNBOUND_SLOTS };
    const addresses = [{ kind: "tcp", host, port: 80 } as const];
    const served = { config: loaded.value, registry: BUILT_IN, addresses };
    const { dispatch, failureReply } = assemble(served, parts);
    const ask: Ask = async (asked) => {
      const exchange = exchangeOf({ dispatch, ...asked });
      Object.assign(exchange, { host: asked.host ?? "localhost" });
      Object.assign(exchange.connection, { unix: asked.unix ?? false });
      return dispatch(exchange);
    };
    const failed = (code: string, forHost: string): Reply =>
      failureReply(new Failure(code), {
        method: "GET",
        accept: "text/html",
        host: forHost,
        id: "id-1",
      });
    await use(ask, failed);
    files.close();
  });
}

function codeOf(answer: Answer): string | number {
  if (answer instanceof Failure) return answer.code;
  releaseBody(answer.body);
  return answer.status;
}

const SITES = `
[[site]]
hosts = ["a.test", "*.b.test"]
errorPages = { "404" = "lost.html" }
[[site.route]]
path = "/files/*"
static = { root = "www" }
headers = { X-Here = "yes" }
[[site.route]]
path = "*.php"
respond = { status = 200, body = "run" }
[[site.route]]
path = "/only"
respond = { body = "got" }
methods = ["GET"]
`;

test("host and path choose the route, its handler and filters answer", () =>
  assembled(SITES, async (ask) => {
    const home = await ask({ host: "a.test", target: "/files/" });
    assert.ok(home instanceof Reply);
    assert.ok(home.fields.some(([name, value]) => name === "X-Here" && value === "yes"));
    assert.equal(codeOf(home), 200);
    assert.equal(codeOf(await ask({ host: "deep.x.b.test", target: "/only" })), 200);
  }));

for (const { asked, expected } of [
  { asked: { host: "b.test", target: "/only" }, expected: "hostUnknown" },
  { asked: { host: "localhost", target: "/only" }, expected: "hostUnknown" },
  { asked: { host: "a.test", target: "/nothing" }, expected: "notFound" },
  { asked: { host: "a.test", target: "/files/none.txt" }, expected: "notFound" },
  { asked: { host: "a.test", target: "/files/x.php" }, expected: "forbidden" },
  { asked: { host: "a.test", target: "/files/x.ph%70" }, expected: "forbidden" },
  { asked: { host: "a.test", target: "/x.php/more" }, expected: 200 },
  { asked: { host: "a.test", target: "/only", method: "POST" }, expected: "methodNotAllowed" },
  { asked: { host: "a.test", target: "/files/", method: "BREW" }, expected: "methodUnknown" },
  { asked: { host: "a.test", target: "/files/", method: "OPTIONS" }, expected: 204 },
]) {
  test(`${JSON.stringify(asked)} is ${expected}`, () =>
    assembled(SITES, async (ask) => {
      assert.equal(codeOf(await ask(asked)), expected);
    }));
}

const INTERNAL = `
[[site]]
[[site.route]]
path = "/*"
static = { root = "www", index = ["x.php", "index.html"], try = ["{path}", "/kept/front"] }
headers = { X-Static = "yes" }
[[site.route]]
path = "/kept/*"
respond = { body = "kept" }
headers = { X-Kept = "yes" }
methods = ["GET", "POST"]
internal = true
[[site.route]]
path = "*.php"
respond = { status = 201, body = "run" }
`;

for (const { asked, expected } of [
  { asked: { target: "/kept/front" }, expected: "notFound" },
  { asked: { target: "/kept/front", method: "POST" }, expected: "notFound" },
  { asked: { target: "/kept/front", method: "DELETE" }, expected: "notFound" },
  { asked: { target: "/kept/front", method: "OPTIONS" }, expected: "notFound" },
  { asked: { target: "/k%65pt/front" }, expected: "notFound" },
  { asked: { target: "/none" }, expected: 200 },
  { asked: { target: "/none", method: "POST" }, expected: 200 },
  { asked: { target: "/none", method: "DELETE" }, expected: "methodNotAllowed" },
  { asked: { target: "/" }, expected: 201 },
  { asked: { target: "/", method: "POST" }, expected: 201 },
  { asked: { target: "/index.html", method: "POST" }, expected: "methodNotAllowed" },
]) {
  test(`beside a route that is internal, ${JSON.stringify(asked)} is ${expected}`, () =>
    assembled(INTERNAL, async (ask) => {
      const answer = await ask(asked);
      assert.equal(codeOf(answer), expected);
      assert.equal(
        answer.fields.some(([name]) => name === "X-Kept"),
        asked.target === "/none",
      );
    }));
}

test("a failure of a route carries the route's fields", () =>
  assembled(SITES, async (ask) => {
    const answer = await ask({ host: "a.test", target: "/files/none" });
    assert.deepEqual(answer.fields, [["X-Here", "yes"]]);
  }));

const ROOT = '[[site]]\nroot = "www"\n';

for (const { host, unix = false, listen = "127.0.0.1", expected } of [
  { host: "localhost", expected: 200 },
  { host: "[::1]", expected: 200 },
  { host: "evil.example", expected: "hostUnknown" },
  { host: "127.0.0.1.evil.example", expected: "hostUnknown" },
  { host: "evil.example", unix: true, expected: 200 },
  { host: "evil.example", listen: "0.0.0.0", expected: 200 },
  { host: "evil.example", listen: "::1", expected: "hostUnknown" },
]) {
  test(`listening on ${listen}, ${host} ${unix ? "by a unix socket " : ""}is ${expected}`, () =>
    assembled(
      ROOT,
      async (ask) => {
        assert.equal(codeOf(await ask({ host, unix, target: "/" })), expected);
      },
      listen,
    ));
}

test("a site's own page answers its errors, another host's do not get it", () =>
  assembled(SITES, async (_, failed) => {
    const own = failed("notFound", "a.test");
    assert.equal(own.status, 404);
    assert.equal(Buffer.from(own.body as Uint8Array).toString(), "<h1>lost</h1>");
    const other = failed("notFound", "elsewhere.test");
    assert.doesNotMatch(Buffer.from(other.body as Uint8Array).toString(), /lost/);
    assert.equal(failed("forbidden", "a.test").status, 403);
  }));

const BODIES: { of: string; length: number | null; bytesMax: number | null; expected: string }[] = [
  { of: "as large as the server takes", length: 100, bytesMax: null, expected: "asked, 100" },
  { of: "larger than the server takes", length: 101, bytesMax: null, expected: "bodyTooLarge" },
  { of: "larger than the route takes", length: 11, bytesMax: 10, expected: "bodyTooLarge" },
  { of: "as large as the route takes", length: 1000, bytesMax: 1000, expected: "asked, 1000" },
  { of: "of a length that nobody knows", length: null, bytesMax: 10, expected: "asked, 10" },
  { of: "of no length", length: 0, bytesMax: null, expected: "asked, 100" },
];
for (const { of, length, bytesMax, expected } of BODIES) {
  test(`a body ${of} (a route of ${bytesMax}): ${expected}`, () => {
    const body = {
      length,
      bytesMax: 100,
      readyBytes: 0,
      read: async () => null,
      fill: async () => 0,
    };
    const handler = boundBodies(bytesMax, ({ body }) => new Failure(`asked, ${body.bytesMax}`));
    const answer = handler(exchangeOf({ method: "PUT", body }));
    assert.ok(answer instanceof Failure);
    assert.equal(answer.code, expected);
  });
}

for (const [bytesMax, expected] of [
  [null, "asked"],
  [50, "bodyTooLarge"],
] as const) {
  test(`a GET's large body is looked at where its route has a bound (${bytesMax})`, () => {
    const body = bodyOf(1000, 100);
    const answer = boundBodies(bytesMax, () => new Failure("asked"))(exchangeOf({ body }));
    assert.equal(answer instanceof Failure && answer.code, expected);
  });
}

test("a body that is announced as too large is refused behind the router, in any route", () =>
  assembled("limits.bodyBytes = 1024\n" + SITES, async (ask) => {
    const body = bodyOf(1025, 1024);
    const asked = { method: "PUT", host: "a.test", body };
    assert.equal(codeOf(await ask({ ...asked, target: "/x.php" })), "bodyTooLarge");
    assert.equal(codeOf(await ask({ ...asked, target: "/only" })), "methodNotAllowed");
    assert.equal(codeOf(await ask({ ...asked, target: "/none" })), "notFound");
  }));

test("each route has a place of its own, of whichever site it is", () =>
  withTemporaryFolder(async (folder) => {
    const route = '[[site.route]]\npath = "/x"\nrespond = { status = 204 }\n';
    const more = '[[site.route]]\npath = "/y"\nrespond = { status = 204 }\n';
    const site = `[[site]]\nhosts = ["a.test"]\n${route}${more}[[site]]\n${route}`;
    const loaded = loadServerConfig(site, join(folder, "portico.toml"));
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    const places: string[] = [];
    const slotsOf = (place: string) => {
      places.push(place);
      return UNBOUND_SLOTS;
    };
    const served = { config: loaded.value, registry: BUILT_IN, addresses: [] };
    assemble(served, { ...roomContext(), slotsOf });
    assert.deepEqual(places, ["0 /x", "0 /y", "1 /x"]);
    assert.deepEqual(
      [...slotBounds(loaded.value, BUILT_IN)],
      [],
      "and nothing is bound that need not be",
    );
  }));

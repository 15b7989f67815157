import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser, withSessionSite } from "./session-site.ts";

const NAME = "portico_session";

test("a session that nobody uses sets no cookie, one that is used sets one", async () => {
  await withSessionSite({}, async (site) => {
    const ann = new Browser(site);
    await ann.ask("/do/nothing");
    await ann.ask("/do/get?a");
    assert.equal(ann.jar.size, 0);
    const first = await ann.ask("/do/set?a=1");
    assert.match(
      ann.setCookies[0]!,
      /^portico_session=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    assert.equal(first.headers.get("cache-control"), "no-store");
    await ann.ask("/do/set?b=2");
    assert.deepEqual(ann.setCookies, []);
    assert.deepEqual([await ann.json("/do/get?a"), await ann.json("/do/get?b")], ["1", "2"]);
    assert.equal((await ann.ask("/do/nothing")).headers.get("cache-control"), null);
  });
});

test("an id that a client brings along is never its session's", async () => {
  await withSessionSite({}, async (site) => {
    for (const id of ["a".repeat(22), "__proto__", "", "x".repeat(4000), "../../etc/passwd"]) {
      const ann = new Browser(site);
      ann.jar.set(NAME, id);
      await ann.ask("/do/set?a=1");
      assert.notEqual(ann.jar.get(NAME), id);
      assert.equal(await ann.json("/do/get?a"), "1");
      const other = new Browser(site);
      other.jar.set(NAME, id);
      assert.equal(await other.json("/do/get?a"), null);
    }
  });
});

test("who knew the id before somebody logged in knows nothing then", async () => {
  await withSessionSite({}, async (site) => {
    const thief = new Browser(site);
    await thief.ask("/do/set?planted=1");
    const victim = new Browser(site);
    victim.jar.set(NAME, thief.jar.get(NAME)!);
    await victim.ask("/do/login?ann");
    assert.deepEqual(await thief.json("/do/who"), [null, null]);
    assert.equal(((await victim.json("/do/who")) as unknown[])[1], "ann");
  });
});

test("a handler that throws has changed nothing", async () => {
  await withSessionSite({}, async (site) => {
    const ann = new Browser(site);
    site.server.on("error", () => undefined);
    assert.equal((await ann.ask("/do/fail")).status, 500);
    assert.equal(ann.jar.size, 0);
    await ann.ask("/do/set?a=1");
    assert.equal((await ann.ask("/do/fail")).status, 500);
    assert.equal(await ann.json("/do/get?a"), "1");
  });
});

test("parallel requests that change different keys lose nothing", async () => {
  await withSessionSite({}, async (site) => {
    const ann = new Browser(site);
    await ann.ask("/do/set?a=1");
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => ann.ask(`/do/set?${key}=${key}`)));
    const values = await Promise.all(keys.map((key) => ann.json(`/do/get?${key}`)));
    assert.deepEqual(values, keys);
  });
});

test("sessions outlive the server, and signed ones those who sign by an older secret", async () => {
  const secret = ["first-".repeat(6), "older-".repeat(6)];
  await withSessionSite({ session: { secret } }, async (site) => {
    const ann = new Browser(site);
    await ann.ask("/do/set?a=1");
    assert.match(ann.jar.get(NAME)!, /^[\w-]{22}\.[\w-]{43}$/);
    await site.restart();
    assert.equal(await ann.json("/do/get?a"), "1");
    const thief = new Browser(site);
    thief.jar.set(NAME, ann.jar.get(NAME)!.slice(0, 22));
    assert.equal(await thief.json("/do/get?a"), null);
    thief.jar.set(NAME, `${ann.jar.get(NAME)!.slice(0, -2)}xx`);
    assert.equal(await thief.json("/do/get?a"), null);
  });
});

for (const method of ["POST", "PUT", "DELETE"]) {
  test(`${method} that a page of another site sends is 403, and changes nothing`, async () => {
    await withSessionSite({}, async (site) => {
      const ann = new Browser(site);
      await ann.ask("/do/set?a=1", { method });
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "https://evil.example" },
        { origin: "null" },
      ]) {
        const path = method === "PUT" ? "/cgi/tell.sh" : "/do/set?a=2";
        assert.equal((await ann.ask(path, { method, headers })).status, 403);
      }
      assert.equal(await ann.json("/do/get?a"), "1");
      const own = { "sec-fetch-site": "same-origin", origin: site.server.url };
      assert.equal((await ann.ask("/do/set?a=3", { method, headers: own })).status, 200);
    });
  });
}

const BY_TLS = { "x-forwarded-proto": "https" };

test("behind a proxy that is trusted the cookie is kept to TLS", async () => {
  await withSessionSite({ trustedProxies: ["127.0.0.0/8", "::1"] }, async (site) => {
    const ann = new Browser(site);
    await ann.ask("/do/set?a=1", { headers: BY_TLS });
    const [cookie] = ann.setCookies;
    assert.match(
      cookie!,
      /^__Host-portico_session=[\w-]{22}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    assert.equal(await ann.json("/do/get?a", { headers: BY_TLS }), "1");
    assert.equal(await ann.json("/do/get?a"), null); // not by TLS
    // A cookie without the prefix may be planted by who sits on the line.
    const planted = new Browser(site);
    planted.jar.set(NAME, ann.jar.get(`__Host-${NAME}`)!);
    assert.equal(await planted.json("/do/get?a", { headers: BY_TLS }), null);
  });
});

test("nobody else is believed that it came by TLS", async () => {
  await withSessionSite({ trustedProxies: ["10.0.0.0/8"] }, async (site) => {
    const ann = new Browser(site);
    await ann.ask("/do/set?a=1", { headers: BY_TLS });
    assert.deepEqual([...ann.jar.keys()], [NAME]);
  });
});

test("who is told that it took too long keeps the session, under its id", async () => {
  await withSessionSite({ timeouts: { handler: "100ms" } }, async (site) => {
    const ann = new Browser(site);
    await ann.ask("/do/set?a=1");
    assert.equal((await ann.ask("/do/late?ann")).status, 504);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(await ann.json("/do/get?a"), "1");
  });
});

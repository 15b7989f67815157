// One session for every kind of program.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser, withSessionSite } from "./session-site.ts";

const PROGRAMS = ["/cgi/tell.sh", "/cgi/tell.py", "/cgi/tell.php", "/fast/tell.php"];

test("programs see the id and the user that handlers see", async () => {
  await withSessionSite({}, async (site) => {
    const ann = new Browser(site);
    for (const path of PROGRAMS) assert.equal(await ann.text(path), "none none", path);
    assert.equal(ann.jar.size, 0);
    await ann.ask("/do/set?cart=1");
    const [id] = (await ann.json("/do/who")) as [string];
    for (const path of PROGRAMS) assert.equal(await ann.text(path), `${id} none`, path);
    const newId = (await ann.json("/do/login?Ann%20%C3%9C")) as string;
    assert.notEqual(newId, id);
    for (const path of PROGRAMS) assert.equal(await ann.text(path), `${newId} Ann Ü`, path);
    // A body is spooled before the session is asked for.
    const post = { method: "POST", body: "a=1" };
    for (const path of PROGRAMS) assert.equal(await ann.text(path, post), `${newId} Ann Ü`, path);
    assert.equal(await ann.text("/without/tell.sh"), "none none");
    assert.equal(await ann.json("/plain/x"), null);
    await ann.ask("/do/logout");
    assert.equal(ann.jar.size, 0);
    for (const path of PROGRAMS) assert.equal(await ann.text(path), "none none", path);
  });
});

test("a client can't say who it is", async () => {
  await withSessionSite({}, async (site) => {
    const ann = new Browser(site);
    const old = (await ann.json("/do/login?ann")) as string;
    await ann.ask("/do/logout");
    const forged = { "PORTICO-SESSION-ID": old, "PORTICO-SESSION-USER": "ann" };
    const under = { PORTICO_SESSION_ID: old, PORTICO_SESSION_USER: "ann", "Session-User": "ann" };
    for (const path of PROGRAMS) {
      const thief = new Browser(site);
      thief.jar.set("portico_session", old);
      thief.jar.set("PORTICO_SESSION_USER", "ann");
      assert.equal(await thief.text(path, { headers: { ...forged, ...under } }), "none none", path);
      assert.equal(await thief.text(`${path}?PORTICO_SESSION_USER=ann`), "none none", path);
    }
  });
});

test("what a program says of a session is kept from shared caches", async () => {
  await withSessionSite({}, async (site) => {
    for (const path of PROGRAMS) {
      const { headers } = await new Browser(site).ask(path);
      assert.equal(headers.get("cache-control"), "private, no-cache", path);
      assert.match(headers.get("vary") ?? "", /Cookie/, path);
    }
  });
});

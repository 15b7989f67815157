// Several writers of one name, and names that are taken.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { postForm, withUploads, type UploadSite } from "./upload-site.ts";

const RULES = {
  routes: {
    rename: "serve = true, remove = true",
    replace: 'onConflict = "replace"',
    reject: 'onConflict = "reject"',
    same: 'onConflict = "same"',
  },
};

const NAMED = { "Content-Type": "text/plain", "Content-Disposition": "attachment; filename=a.txt" };

interface Row {
  readonly post: readonly [equal: number, other: number];
  readonly put: readonly [equal: number, other: number];
  readonly names: readonly string[];
  readonly content: string;
}

const ROWS: Readonly<Record<string, Row>> = {
  rename: {
    post: [201, 201],
    put: [204, 204],
    names: ["a-1.txt", "a-2.txt", "a.txt", "b.txt"],
    content: "old",
  },
  replace: { post: [201, 201], put: [204, 204], names: ["a.txt", "b.txt"], content: "new" },
  reject: { post: [409, 409], put: [409, 409], names: ["a.txt", "b.txt"], content: "old" },
  same: { post: [201, 409], put: [204, 409], names: ["a.txt", "b.txt"], content: "old" },
};

test("a name that is taken is treated as the route says", () =>
  withUploads(RULES, async (site) => {
    for (const [route, { post, put, names, content }] of Object.entries(ROWS)) {
      assert.equal((await site.post(`${route}/`, "old", NAMED)).status, 201, route);
      assert.equal((await site.post(`${route}/`, "old", NAMED)).status, post[0], route);
      assert.equal((await site.post(`${route}/`, "new", NAMED)).status, post[1], route);
      assert.equal((await site.put(`${route}/b.txt`, "old")).status, 201, route);
      assert.equal((await site.put(`${route}/b.txt`, "old")).status, put[0], route);
      assert.equal((await site.put(`${route}/b.txt`, "new")).status, put[1], route);
      assert.deepEqual(await site.names(route), names, route);
      assert.equal(await readFile(site.path(route, "a.txt"), "utf8"), content, route);
      const second = await readFile(site.path(route, "b.txt"), "utf8");
      assert.equal(second, put[1] === 204 ? "new" : "old", route);
    }
    await conditions(site);
    await crossSite(site);
  }));

async function conditions(site: UploadSite): Promise<void> {
  const path = "rename/b.txt";
  const etag = (await site.fetch(path, { method: "HEAD" })).headers.get("etag")!;
  const rows: readonly [path: string, Record<string, string>, status: number][] = [
    [path, { "If-None-Match": "*" }, 412],
    [path, { "If-None-Match": etag }, 412],
    [path, { "If-Match": '"other"' }, 412],
    [path, { "If-Match": `W/${etag}` }, 412],
    [path, { "If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT" }, 412],
    ["rename/none", { "If-Match": "*" }, 412],
    ["rename/none", { "If-Match": etag }, 412],
  ];
  const before = await site.names("rename");
  for (const [target, headers, expected] of rows) {
    const what = `${target} ${JSON.stringify(headers)}`;
    assert.equal((await site.put(target, "refused", headers)).status, expected, what);
    const removed = await site.fetch(target, { method: "DELETE", headers });
    assert.equal(removed.status, 412, what);
  }
  assert.deepEqual(await site.names("rename"), before);
  assert.equal(await (await site.fetch(path)).text(), "new");
  assert.equal((await site.put(path, "newer", { "If-Match": etag })).status, 204);
  assert.equal((await site.put("rename/new", "new", { "If-None-Match": "*" })).status, 201);
  const now = (await site.fetch(path, { method: "HEAD" })).headers.get("etag")!;
  const removed = await site.fetch(path, { method: "DELETE", headers: { "If-Match": now } });
  assert.equal(removed.status, 204);
}

async function crossSite(site: UploadSite): Promise<void> {
  const before = await site.names("rename");
  const refused: readonly Record<string, string>[] = [
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { Origin: `${site.program.urls[0]}0` },
  ];
  for (const headers of refused) {
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    for (const [method, path] of [
      ["POST", "/rename/"],
      ["PUT", "/rename/c.txt"],
      ["DELETE", "/rename/a.txt"],
    ] as const) {
      const { status } = await site.raw(method, path, "x", fields);
      assert.equal(status, 403, `${method} with ${fields.join()}`);
    }
  }
  assert.deepEqual(await site.names("rename"), before);
  const own = ["Origin: http://localhost", "Sec-Fetch-Site: same-origin"];
  assert.equal((await site.raw("PUT", "/rename/own.txt", "x", own)).status, 201);
}

test("of twenty writers that name one tag one wins, over both workers", () =>
  withUploads(RULES, async (site) => {
    const writers = Array.from({ length: 20 }, (_, index) => `writer ${index}`);
    const first = await Promise.all(
      writers.map((text) => site.put("rename/one", text, { "If-None-Match": "*" })),
    );
    assert.deepEqual(statuses(first), [201, ...Array.from({ length: 19 }, () => 412)]);
    const { headers } = await site.fetch("rename/one", { method: "HEAD" });
    const tag = { "If-Match": headers.get("etag")! };
    const second = await Promise.all(writers.map((text) => site.put("rename/one", text, tag)));
    assert.deepEqual(statuses(second), [204, ...Array.from({ length: 19 }, () => 412)]);
    const winner = second.findIndex(({ status }) => status === 204);
    assert.equal(await readFile(site.path("rename", "one"), "utf8"), writers[winner]);
    const posts = await Promise.all(writers.map((text) => site.post("reject/", text, NAMED)));
    assert.deepEqual(statuses(posts), [201, ...Array.from({ length: 19 }, () => 409)]);
    const renamed = await Promise.all(writers.map((text) => site.post("rename/", text, NAMED)));
    assert.ok(renamed.every(({ status }) => status === 201));
    assert.equal((await site.names("rename")).length, 21);
  }));

function statuses(answers: readonly Response[]): number[] {
  return answers.map(({ status }) => status).toSorted((one, other) => one - other);
}

test("two writers of one name never mix, and each worker answers with what was written last", () =>
  withUploads(RULES, async (site) => {
    const bodies = ["a", "b", "c", "d"].map((letter) => letter.repeat(300_000));
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(bodies.map((body) => site.put("rename/mixed", body)));
      assert.ok(answers.every(({ ok }) => ok));
      const seen = new Set<string>();
      for (let read = 0; read < 6; read += 1) {
        seen.add(await (await site.fetch("rename/mixed")).text());
      }
      assert.equal(seen.size, 1);
      assert.ok(bodies.includes([...seen][0]!));
    }
    for (let round = 0; round < 20; round += 1) {
      await site.put("rename/last", `${round}`);
      for (let read = 0; read < 3; read += 1) {
        assert.equal(await (await site.fetch("rename/last")).text(), `${round}`);
      }
      await site.fetch("rename/last", { method: "DELETE" });
      assert.equal((await site.fetch("rename/last")).status, 404);
    }
    const form = [{ name: "f", filename: "mixed", content: "form" }];
    assert.equal((await postForm(site, "replace/", form)).status, 201);
  }));

// Apps of frameworks that know nothing of Portico are mounted as they are.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { withSite, type Site } from "../../src/testing/index.ts";

const modules = fileURLToPath(new URL("modules", import.meta.url));
const SITE = `
data = "data"
[[site]]
[[site.route]]
path = "/hono/*"
app = { module = "${modules}/hono-app.ts", bodyBytes = 400 }
[[site.route]]
path = "/h3/*"
app = "${modules}/h3-app.ts"
`;

let site: Site;
let stop = (): void => {};
let stopped: Promise<void>;

before(async () => {
  await new Promise<void>((resolve, reject) => {
    const ended = new Promise<void>((end) => (stop = end));
    const use = async (running: Site): Promise<void> => {
      site = running;
      resolve();
      await ended;
    };
    // Hono tells of what is thrown by itself.
    stopped = withSite({ config: SITE, workers: 1, complaints: /hono throws|^ {4}at / }, use);
    stopped.catch(reject);
  });
});

after(async () => {
  stop();
  await stopped;
});

interface Case {
  readonly path: string;
  readonly method?: string;
  readonly body?: string | FormData | URLSearchParams;
  readonly headers?: Record<string, string>;
  readonly status?: number;
  readonly answer: unknown;
}

const JSON_TYPE = { "Content-Type": "application/json" };
const form = new FormData();
form.set("a", "1");

const CASES: readonly Case[] = [
  { path: "hono", answer: "hono" },
  { path: "hono/users/a%20b?q=%C3%B6", answer: { id: "a b", query: { q: "ö" } } },
  {
    ...{ path: "hono/api/echo", method: "POST", body: '{"a":[1]}', headers: JSON_TYPE },
    ...{ status: 201, answer: { got: { a: [1] } } },
  },
  { path: "hono/form", method: "POST", body: form, answer: { a: "1" } },
  { path: "hono/form", method: "POST", body: new URLSearchParams("b=2"), answer: { b: "2" } },
  { path: "hono/html", answer: "<h1>ö</h1>" },
  { path: "hono/away", status: 303, answer: "" },
  { path: "hono/stream", answer: "abc" },
  {
    ...{ path: "hono/proxied", method: "POST", body: "inside" },
    answer: { method: "POST", inner: "1", body: "inside" },
  },
  { path: "hono/none", status: 404, answer: "404 Not Found" },
  { path: "hono/throws", status: 500, answer: "Internal Server Error" },
  { path: "h3", answer: "h3" },
  { path: "h3/users/a%20b?q=%C3%B6", answer: { id: "a%20b", query: { q: "ö" } } },
  {
    ...{ path: "h3/echo", method: "POST", body: '{"a":[1]}', headers: JSON_TYPE },
    ...{ status: 201, answer: { got: { a: [1] } } },
  },
  { path: "h3/cookies", headers: { Cookie: "b=2" }, answer: { b: "2" } },
  { path: "h3/away", status: 303, answer: undefined },
  { path: "h3/stream", answer: "abc" },
  { path: "h3/response", status: 202, answer: "made" },
];

for (const { path, status = 200, answer, ...request } of CASES) {
  test(`${request.method ?? "GET"} /${path} is ${status}`, async () => {
    const given = await site.fetch(path, request);
    const text = await given.text();
    assert.equal(given.status, status, text);
    if (answer === undefined) return;
    const isJson = given.headers.get("content-type")?.startsWith("application/json") === true;
    assert.deepEqual(isJson ? JSON.parse(text) : text, answer);
  });
}

for (const [path, status] of [
  ["h3/none", 404],
  ["h3/teapot", 418],
] as const) {
  test(`/${path} is ${status}, in the framework's own form`, async () => {
    const given = await site.fetch(path);
    assert.equal(given.status, status);
    assert.equal(((await given.json()) as { status: number }).status, status);
  });
}

test("cookies of Hono's are set and removed, a field each", async () => {
  const given = await site.fetch("hono/cookies", { headers: { Cookie: "b=2; c=3" } });
  assert.deepEqual(await given.json(), { b: "2", c: "3" });
  const [set, removed] = given.headers.getSetCookie();
  assert.match(set!, /^a=1;.*HttpOnly/);
  assert.match(removed!, /^b=;.*Max-Age=0/);
});

test("what middleware adds is on the answer", async () => {
  const tagged = await site.fetch("hono/tagged");
  assert.match(tagged.headers.get("etag")!, /^"/);
  const again = { headers: { "If-None-Match": tagged.headers.get("etag")! } };
  assert.equal((await site.fetch("hono/tagged", again)).status, 304);
  const preflight = await site.fetch("hono/api/echo", { method: "OPTIONS" });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
});

test("a body that is too large is 413, though Hono answers errors itself", async () => {
  const body = new Blob(["x".repeat(300), "x".repeat(300)]).stream();
  const given = await site.fetch("hono/body", { method: "POST", body, duplex: "half" });
  assert.equal(given.status, 413);
});

test("HEAD is GET without content", async () => {
  for (const path of ["hono", "h3"]) {
    // oxlint-disable-next-line no-await-in-loop -- one behind the other
    const given = await site.fetch(path, { method: "HEAD" });
    assert.equal(given.status, 200);
    assert.equal(await given.text(), "");
  }
});

// What a browser without scripts gets: a page with a form, and a page that shows what was stored.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pngWith } from "../../src/testing/index.ts";
import { FORM_TYPE, formOf, postForm, withUploads, type UploadSite } from "./upload-site.ts";

const RULES = {
  routes: {
    shown: "serve = true, page = true",
    hidden: "",
    Exact: "",
    picky: 'page = true, accept = ["image/png"]',
  },
};

const ACCEPT = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

test("a browser's form works without scripts", async (all) => {
  await withUploads(RULES, async (site) => {
    await all.test("it is sent to a page that shows what was stored", () => flow(site));
    await all.test("names can say nothing but themselves", () => escaping(site));
    await all.test("a page whose address was changed shows nothing", () => seals(site));
    await all.test("what a record holds is text, whoever wrote it", () => records(site));
    await all.test("wherever the form was sent", () => places(site));
    await all.test("where nothing is served, nothing is linked", () => hidden(site));
    await all.test("the page with the form is there where the route says so", () => pages(site));
  });
});

async function addressAfter(site: UploadSite, path: string, names: string[]): Promise<string> {
  const parts = names.map((filename) => ({ name: "f", filename, content: Buffer.from(pngWith()) }));
  const answer = await postForm(site, path, parts, ACCEPT);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const address = answer.headers.get("location")!;
  assert.ok(address.startsWith(`/${path}?`), address);
  return address.slice(1);
}

async function pageAt(site: UploadSite, path: string): Promise<string> {
  const answer = await site.fetch(path, { headers: ACCEPT });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type")!, /^text\/html/);
  assert.match(answer.headers.get("content-security-policy")!, /default-src 'none'/);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  return answer.text();
}

async function flow(site: UploadSite): Promise<void> {
  const address = await addressAfter(site, "shown/", ["dot.png", "more dots.png"]);
  // Whichever worker is asked, and how often.
  for (let time = 0; time < 4; time += 1) {
    const page = await pageAt(site, address);
    assert.match(page, /<a href="\/shown\/dot\.png">dot\.png<\/a>/);
    assert.match(page, /<img src="\/shown\/more%20dots\.png"/);
    assert.match(page, /2 files stored/);
  }
  const many = Array.from({ length: 30 }, (_, index) => `many-${index}.png`);
  const page = await pageAt(site, await addressAfter(site, "shown/", many));
  assert.match(page, /30 files stored/);
  assert.match(page, /and 10 more/);
  const long = Array.from({ length: 30 }, (_, index) => `${"ü".repeat(80)}${index}.png`);
  const longAddress = await addressAfter(site, "shown/", long);
  assert.ok(longAddress.length < 8000, `${longAddress.length}`);
  assert.match(await pageAt(site, longAddress), /and \d+ more/);
  const fields = await postForm(site, "shown/", [{ name: "guest", content: "Ada" }], ACCEPT);
  assert.equal(fields.status, 303);
}

async function escaping(site: UploadSite): Promise<void> {
  const body = formOf([
    { name: "f", filename: `<img src=x onerror=alert(1)>&'.png`, content: "x" },
  ]);
  const fields = [`Content-Type: ${FORM_TYPE}`, `Accept: ${ACCEPT.Accept}`];
  const { status, head } = await site.raw("POST", "/shown/", body, fields);
  assert.equal(status, 303);
  const address = /^location: \/(.*)$/im.exec(head)![1]!.trim();
  const page = await pageAt(site, address);
  assert.doesNotMatch(page, /<img src=x/);
  assert.match(page, /&lt;img src=x onerror=alert\(1\)&gt;&amp;/);
  const put = await site.raw("PUT", `/shown/a%22%3E%3Cscript%3E.txt`, "x");
  assert.equal(put.status, 201);
}

async function seals(site: UploadSite): Promise<void> {
  const address = await addressAfter(site, "hidden/", ["sealed.png"]);
  const [page, query] = address.split("?") as [string, string];
  const [text, seal] = query.slice("stored=".length).split(".") as [string, string];
  const forged = Buffer.from('{"shown":[["call 555 now",1]],"count":1}').toString("base64url");
  const other = await addressAfter(site, "shown/", ["sealed.png"]);
  const changed = [
    `${page}?stored=${forged}.${seal}`,
    `${page}?stored=${text}.${seal.slice(0, -1)}`,
    `${page}?stored=${text}.${"A".repeat(seal.length)}`,
    `${page}?stored=${text}.`,
    `${page}?stored=${text}`,
    `${page}?stored=${text}A.${seal}`,
    `${page}?stored=`,
    `${page}?${query}&a=b`,
    `${page}?stored=${text}.${"é".repeat(seal.length)}`,
    `hidden/?${other.split("?")[1]}`, // sealed for another page
    `hidden/sealed.png?${query}`,
  ];
  for (const path of changed) {
    const answer = await site.fetch(path, { headers: ACCEPT });
    assert.equal(answer.status, 405, path);
    assert.doesNotMatch(await answer.text(), /call 555 now|sealed\.png/, path);
  }
  assert.match(await pageAt(site, address), /sealed\.png/);
}

async function records(site: UploadSite): Promise<void> {
  const field = { name: "<b>guest</b>", content: "<script>alert(1)</script>" };
  const answer = await postForm(site, "shown/", [field], ACCEPT);
  const address = answer.headers.get("location")!.slice(1);
  const page = await pageAt(site, address);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  assert.doesNotMatch(page, /<script|<b>guest/);
  const name = (await site.names("shown")).findLast((one) => one.endsWith(".json"))!;
  // Another file of that name is none of ours.
  for (const text of [
    '{"a":5}',
    '{"a":{"b":[null]}}',
    "[1]",
    "7",
    '"x"',
    "null",
    "{",
    "",
    "<script>",
  ]) {
    assert.equal((await site.put(`shown/${name}`, text)).status, 204);
    assert.doesNotMatch(await pageAt(site, address), /<script/, text);
  }
  await site.put(`shown/${name}`, "x".repeat(2_000_000));
  assert.match(await pageAt(site, address), /upload_/);
}

async function places(site: UploadSite): Promise<void> {
  const part = { name: "f", filename: "a.png", content: Buffer.from(pngWith()) };
  for (const path of ["hidden", "hidden/", "hidden/sub/", "%68idden/", "Exact"]) {
    const answer = await postForm(site, path, [part], ACCEPT);
    assert.equal(answer.status, 303, path);
    const page = await pageAt(site, answer.headers.get("location")!.slice(1));
    assert.match(page, /a(?:-\d)?\.png/, path);
  }
}

async function hidden(site: UploadSite): Promise<void> {
  const page = await pageAt(site, await addressAfter(site, "hidden/", ["shy.png"]));
  assert.match(page, /shy\.png/);
  assert.doesNotMatch(page, /<a |<img /);
}

async function pages(site: UploadSite): Promise<void> {
  const page = await pageAt(site, "picky/");
  assert.match(page, /<form method="post" enctype="multipart\/form-data">/);
  assert.match(page, /accept="image\/png"/);
  assert.doesNotMatch(page, /<script/);
  assert.equal((await site.fetch("hidden/")).status, 405);
  const failed = await postForm(site, "picky/", [{ name: "f", content: "" }], ACCEPT);
  assert.equal(failed.status, 415);
  assert.match(failed.headers.get("content-type")!, /^text\/html/);
}

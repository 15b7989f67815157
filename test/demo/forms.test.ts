// The demo's forms, sent as they stand on their pages, and what they may not be used for.
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { exifWithPlace, PLACE, pngChunk } from "../../src/testing/index.ts";
import { DEMO, withDemo, type ServedDemo } from "./served-demo.ts";

const PNG = await readFile(join(DEMO, "files/floors/rings.png"));
const HEAD_BYTES = 33; // of a PNG: the signature and IHDR
const BROWSER = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** What the form on a page says of itself. */
async function formOn({ url }: ServedDemo, page: string): Promise<{ action: string; tag: string }> {
  const text = await (await fetch(url + page)).text();
  assert.doesNotMatch(text, /<script/u);
  const tag = /<form [^>]*>/u.exec(text)?.[0] ?? "";
  assert.match(tag, /method="post"/u);
  return { action: url + (/action="([^"]+)"/u.exec(tag)?.[1] ?? page), tag };
}

/** Posts as a browser does, and follows to the page that it is sent to. */
async function submit(action: string, page: string, body: FormData | URLSearchParams) {
  const headers = { ...BROWSER, Origin: new URL(action).origin, "Sec-Fetch-Site": "same-origin" };
  const answer = await fetch(action, { method: "POST", body, headers, redirect: "manual" });
  assert.equal(answer.status, 303, await answer.text());
  const address = new URL(answer.headers.get("location")!, action);
  return (await fetch(address, { headers: { ...BROWSER, Referer: page } })).text();
}

test("the upload page's form stores a picture, and the page behind it shows it", () =>
  withDemo(async (demo) => {
    const { action, tag } = await formOn(demo, "/upload/");
    assert.match(tag, /enctype="multipart\/form-data"/u);
    const form = new FormData();
    form.append("picture", new File([PNG], "rings.png", { type: "image/png" }));
    const page = await submit(action, `${demo.url}/upload/`, form);
    const source = /<img src="([^"]+)"/u.exec(page)?.[1];
    assert.equal(source, "/uploads/rings.png");
    const shown = await fetch(demo.url + source);
    assert.deepEqual(Buffer.from(await shown.arrayBuffer()), PNG);
    assert.match(shown.headers.get("content-security-policy")!, /sandbox/u);
    assert.ok(page.includes(`href="${demo.url}/upload/"`), "it leads back to the form");
    assert.deepEqual(await demo.stored("pictures"), ["rings.png"]);
  }));

test("where a picture was taken is not kept", () =>
  withDemo(async (demo) => {
    const exif = pngChunk("eXIf", exifWithPlace(1));
    const photo = Buffer.concat([PNG.subarray(0, HEAD_BYTES), exif, PNG.subarray(HEAD_BYTES)]);
    const headers = { "Content-Type": "image/png" };
    const answer = await fetch(`${demo.url}/uploads/`, { method: "POST", body: photo, headers });
    assert.equal(answer.status, 201, await answer.clone().text());
    const [name] = await demo.stored("pictures");
    const kept = await readFile(join(demo.folder, "var/pictures", name!));
    assert.ok(photo.includes(PLACE) && !kept.includes(PLACE));
  }));

test("an entry of the guest book is shown to whom it is from, and kept", () =>
  withDemo(async (demo) => {
    const { action } = await formOn(demo, "/guests/");
    const fields = { name: "Ann <b>", text: "Two\r\nlines & more" };
    const page = await submit(action, `${demo.url}/guests/`, new URLSearchParams(fields));
    assert.ok(page.includes("<dd>Ann &lt;b&gt;</dd>"));
    assert.ok(page.includes("<dd>Two\nlines &amp; more</dd>"));
    const [name, ...others] = await demo.stored("guests");
    assert.deepEqual(others, []);
    const kept = await readFile(join(demo.folder, "var/guests", name!), "utf8");
    assert.deepEqual(JSON.parse(kept), fields);
    assert.ok(page.includes(name!), "the page says where it lies");
  }));

/** The address that a browser is sent to behind an entry. */
async function addressBehindEntry(url: string): Promise<string> {
  const answer = await fetch(`${url}/guestbook/`, {
    method: "POST",
    body: new URLSearchParams({ name: "Ann", text: "Hello" }),
    headers: BROWSER,
    redirect: "manual",
  });
  return url + answer.headers.get("location")!;
}

test("what is written into fields is in no address", () =>
  withDemo(async ({ url }) => {
    const { searchParams } = new URL(await addressBehindEntry(url));
    const [told] = searchParams.get("stored")!.split(".");
    assert.doesNotMatch(Buffer.from(told!, "base64url").toString(), /Ann|Hello/u);
  }));

const CHANGED = ["", "null", "[]", "5", "no JSON", '{"a":', "[[[]]]", '{"a":{"toString":"b"}}'];
test("a record that is none any more, or gone, still has its page", () =>
  withDemo(async ({ url, folder, stored }) => {
    const known = new Set<string>();
    for (const text of [...CHANGED, null]) {
      const address = await addressBehindEntry(url);
      const name = (await stored("guests")).find((one) => !known.has(one))!;
      known.add(name);
      const file = join(folder, "var/guests", name);
      await (text === null ? rm(file) : writeFile(file, text));
      const answer = await fetch(address);
      const page = await answer.text();
      assert.equal(answer.status, 200, `${text}: ${page}`);
      assert.ok(page.includes(name) && !page.includes("Hello"), page);
    }
  }));

const REFERERS = [
  "http://other.example/guests/",
  "javascript://127.0.0.1/alert(1)",
  "http://127.0.0.1.other.example/",
  "no address",
];
test("the way back leads to no other site", () =>
  withDemo(async ({ url }) => {
    const address = await addressBehindEntry(url);
    const { host } = new URL(url);
    for (const referer of [...REFERERS, `javascript://${host}/%0aalert(1)`]) {
      const page = await (await fetch(address, { headers: { Referer: referer } })).text();
      assert.doesNotMatch(page, /<a /u, referer);
    }
    const tricky = await fetch(address, { headers: { Referer: `${url}//other.example/"><b>` } });
    const link = /<a href="([^"]*)"/u.exec(await tricky.text())?.[1];
    assert.equal(new URL(link!, url).host, host);
  }));

const html = new File(["<script>alert(1)</script>"], "a.png", { type: "image/png" });
const REFUSED = [
  { what: "a page that calls itself a picture", path: "/uploads/", file: html, status: 415 },
  { what: "a picture for the guest book", path: "/guestbook/", file: PNG, status: 415 },
  { what: "an entry without a field", path: "/guestbook/", fields: {}, status: 400 },
  {
    what: "an entry as long as a book",
    path: "/guestbook/",
    fields: { text: "x".repeat(17 * 1024) },
    status: 413,
  },
];
for (const { what, path, file, fields, status } of REFUSED) {
  test(`${what} is answered ${status}, and nothing is kept`, () =>
    withDemo(async (demo) => {
      let body: FormData | URLSearchParams = new URLSearchParams(fields);
      if (file !== undefined) {
        body = new FormData();
        body.append("file", file instanceof File ? file : new File([file], "a.png"));
      }
      const answer = await fetch(demo.url + path, { method: "POST", body });
      assert.equal(answer.status, status, await answer.text());
      assert.deepEqual([...(await demo.stored("pictures")), ...(await demo.stored("guests"))], []);
    }));
}

test("nobody changes what is there, reads another's entry, or writes from another site", () =>
  withDemo(async ({ url, stored }) => {
    const fields = new URLSearchParams({ name: "Ann", text: "Hello" });
    const entry = await fetch(`${url}/guestbook/`, { method: "POST", body: fields });
    const address = url + entry.headers.get("location")!;
    const { status, text } = { status: (await fetch(address)).status, text: await entry.text() };
    assert.deepEqual([entry.status, status], [201, 405], text);
    for (const method of ["PUT", "DELETE"]) {
      for (const path of ["/uploads/a.png", "/guestbook/a.json"]) {
        const body = method === "PUT" ? PNG : null;
        const answer = await fetch(url + path, { method, body });
        assert.equal(answer.status, 405, `${method} ${path}`);
      }
    }
    const headers = { Origin: "http://other.example" };
    const foreign = await fetch(`${url}/guestbook/`, { method: "POST", body: fields, headers });
    assert.equal(foreign.status, 403);
    assert.equal((await stored("guests")).length, 1);
  }));

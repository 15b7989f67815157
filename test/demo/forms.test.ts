// The demo's forms, sent as they stand on their pages, and what they may not be used for.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
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

const html = new File(["<script>alert(1)</script>"], "a.png", { type: "image/png" });
const REFUSED = [
  { what: "a page that calls itself a picture", path: "/uploads/", file: html, status: 415 },
  { what: "a form with nothing in it", path: "/uploads/", fields: {}, status: 400 },
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
      assert.deepEqual(await demo.stored("pictures"), []);
    }));
}

test("nobody changes what is there, or writes from another site", () =>
  withDemo(async ({ url, stored }) => {
    for (const method of ["PUT", "DELETE"]) {
      const body = method === "PUT" ? PNG : null;
      const answer = await fetch(`${url}/uploads/a.png`, { method, body });
      assert.equal(answer.status, 405, method);
    }
    const headers = { Origin: "http://other.example", "Content-Type": "image/png" };
    const foreign = await fetch(`${url}/uploads/`, { method: "POST", body: PNG, headers });
    assert.equal(foreign.status, 403);
    assert.deepEqual(await stored("pictures"), []);
  }));

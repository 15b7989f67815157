// Pictures on a route that looks at them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import sharp from "sharp";
import { exifWithPlace, PLACE, pngChunk, pngWith } from "../../src/testing/index.ts";
import { postForm, withUploads, type UploadSite } from "./upload-site.ts";

const RULES = {
  routes: {
    thumbs: "serve = true, remove = true, images = { maxPixels = 10000, thumbnails = [32, 64] }",
    strip: 'serve = true, images = { strip = "location" }',
    bare: 'serve = true, digest = false, images = { strip = "all" }',
  },
};

interface Told {
  readonly files: readonly {
    readonly name: string;
    readonly sha256?: string;
    readonly receivedSha256?: string;
    readonly thumbnails?: readonly { readonly width: number; readonly path: string }[];
  }[];
}

type Bytes = Uint8Array<ArrayBuffer>;

/** 100 by 80 pixels, of one colour. */
async function picture(width = 100, height = 80): Promise<Bytes> {
  const create = { width, height, channels: 3 as const, background: "#336699" };
  return new Uint8Array(await sharp({ create }).png().toBuffer());
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("pictures are looked at, made smaller, and freed of what they tell", async (all) => {
  await withUploads(RULES, async (site) => {
    await all.test("smaller ones are made, kept and served", () => thumbnails(site));
    await all.test("what is too large, or can't be read, is refused", () => refusals(site));
    await all.test("where it was taken is taken out", () => stripping(site));
  });
});

async function thumbnails(site: UploadSite): Promise<void> {
  const bytes = await picture();
  const type = { "Content-Type": "image/png", "Content-Disposition": 'inline; filename="a.png"' };
  const answer = await site.post("thumbs/", bytes, type);
  assert.equal(answer.status, 201);
  const { files } = (await answer.json()) as Told;
  assert.deepEqual(files[0]!.thumbnails, [
    { width: 32, path: "/thumbs/a.png?thumbnail=32" },
    { width: 64, path: "/thumbs/a.png?thumbnail=64" },
  ]);
  for (const { path } of files[0]!.thumbnails) {
    const smaller = await site.fetch(path.slice(1));
    assert.equal(smaller.status, 200);
    assert.equal(smaller.headers.get("content-type"), "image/webp");
    assert.equal(smaller.headers.get("x-content-type-options"), "nosniff");
    assert.match(Buffer.from(await smaller.arrayBuffer()).toString("latin1"), /^RIFF.{4}WEBP/s);
  }
  assert.deepEqual(await site.names("thumbs"), ["a.png"]);
  assert.equal((await site.fetch("thumbs/a.png?thumbnail=33")).status, 404);
  assert.equal((await site.fetch("thumbs/b.png?thumbnail=32")).status, 404);
  assert.equal((await site.fetch(`thumbs/${sha256(bytes)}.32.webp`)).status, 404);
  // Another picture of that name is not answered with the smaller ones of the first.
  const before = await (await site.fetch("thumbs/a.png?thumbnail=32")).arrayBuffer();
  assert.equal((await site.put("thumbs/a.png", await picture(80, 100))).status, 204);
  assert.equal((await widthsKept(site)).length, 2);
  const after = await (await site.fetch("thumbs/a.png?thumbnail=32")).arrayBuffer();
  assert.notDeepEqual(after, before);
  assert.equal((await site.fetch("thumbs/a.png", { method: "DELETE" })).status, 204);
  assert.equal((await site.fetch("thumbs/a.png?thumbnail=32")).status, 404);
  assert.deepEqual(await widthsKept(site), []);
  assert.equal((await site.put("thumbs/words.txt", "words")).status, 201);
  const words = await site.fetch("thumbs/words.txt?thumbnail=32");
  assert.ok(
    words.status === 404 || words.status === 415 || words.status === 422,
    `${words.status}`,
  );
  await site.fetch("thumbs/words.txt", { method: "DELETE" });
}

/** Of files that are there; for others nothing is kept. */
async function widthsKept(site: UploadSite): Promise<string[]> {
  return readdir(site.path("thumbs", ".portico-thumbnails"));
}

async function refusals(site: UploadSite): Promise<void> {
  const type = { "Content-Type": "image/png" };
  const limit = await site.put("thumbs/limit.png", await picture(100, 100), type);
  assert.equal(limit.status, 201);
  const large = await site.put("thumbs/large.png", await picture(101, 100), type);
  assert.equal(large.status, 413);
  const cut = (await picture()).slice(0, 20);
  assert.ok((await site.put("thumbs/cut.png", cut, type)).status >= 400);
  const form = [
    { name: "f", filename: "ok.png", content: Buffer.from(await picture()) },
    { name: "f", filename: "large.png", content: Buffer.from(await picture(101, 100)) },
  ];
  assert.equal((await postForm(site, "thumbs/", form)).status, 413);
  assert.deepEqual(await site.names("thumbs"), ["limit.png"]);
}

async function stripping(site: UploadSite): Promise<void> {
  const told = new Uint8Array(pngWith(pngChunk("eXIf", exifWithPlace(1))));
  assert.ok(Buffer.from(told).includes(PLACE));
  for (const route of ["strip", "bare"]) {
    const put = await site.put(`${route}/a.png`, told);
    assert.equal(put.status, 201);
    // What is there is not what came (RFC 9110 §9.3.4).
    assert.equal(put.headers.get("etag"), null, route);
    const kept = await readFile(site.path(route, "a.png"));
    assert.ok(!kept.includes(PLACE));
    const { files } = (await put.json()) as Told;
    assert.equal(files[0]!.sha256, route === "bare" ? undefined : sha256(kept));
    assert.equal(files[0]!.receivedSha256, route === "bare" ? undefined : sha256(told));
  }
  // A request's own digest is of what came.
  const digest = createHash("sha256").update(told).digest("base64");
  const right = { "Content-Digest": `sha-256=:${digest}:` };
  assert.equal((await site.put("strip/b.png", told, right)).status, 201);
  const plain = new Uint8Array(pngWith());
  const untouched = await site.put("strip/c.png", plain);
  assert.notEqual(untouched.headers.get("etag"), null);
  const { files } = (await untouched.json()) as Told;
  assert.equal(files[0]!.receivedSha256, undefined);
  assert.equal(files[0]!.sha256, sha256(plain));
  const malformed = new Uint8Array(pngWith().subarray(0, -6));
  assert.ok((await site.put("strip/d.png", malformed)).status >= 400);
  assert.deepEqual(await site.names("strip"), ["a.png", "b.png", "c.png"]);
}

test("while a picture is made smaller its worker answers others", async () => {
  const routes = { large: "serve = true, images = { maxPixels = 40000000, thumbnails = [320] }" };
  await withUploads({ routes, workers: 1 }, async (site) => {
    await site.put("large/small.txt", Buffer.alloc(1024, "x"));
    let isAnswered = false;
    const upload = site.post("large/", await picture(6000, 6000), { "Content-Type": "image/png" });
    const posted = upload.finally(() => (isAnswered = true));
    let answers = 0;
    while (!isAnswered) {
      const answer = await site.fetch("large/small.txt");
      assert.equal((await answer.text()).length, 1024);
      answers += 1;
    }
    assert.equal((await posted).status, 201);
    // A picture of 36 million pixels takes hundreds of milliseconds, an answer less than one.
    assert.ok(answers > 10, `${answers} answers meanwhile`);
  });
});

// What a file may be called: by its address, where it is told, and by a form, where it is mended.
import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { formOf, FORM_TYPE, withUploads, type UploadSite } from "./upload-site.ts";

const RULES = {
  routes: { put: "serve = true, remove = true", form: "", post: "", links: "remove = true" },
};

test("names are what they are asked to be, or are refused", async (all) => {
  await withUploads(RULES, async (site) => {
    await all.test("in an address", () => addresses(site));
    await all.test("in a form", () => forms(site));
    await all.test("in a Content-Disposition", () => dispositions(site));
    await all.test("no link leads out of the folder", () => links(site));
  });
});

const TAKEN: readonly [path: string, name: string][] = [
  ["plain.txt", "plain.txt"],
  ["a%20b.txt", "a b.txt"],
  ["%C3%A9.txt", "é.txt"],
  ["e%CC%81t.txt", "ét.txt"],
  ["%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80.txt", "👩‍🚀.txt"],
  ["100%25.txt", "100%.txt"],
  ["a'b%22c%3Cd%3E&.txt", `a'b"c<d>&.txt`],
  ["sub/dir/x", "sub/dir/x"],
  ["n".repeat(200), "n".repeat(200)],
];

const REFUSED: readonly string[] = [
  "..",
  "../x",
  "a/../x",
  "a/../../x",
  "%2e%2e/x",
  "%2e%2e/%2e%2e/etc/passwd",
  ".hidden",
  "%2ehidden",
  "sub/.hidden",
  ".portico/x",
  "a%2Fb",
  "..%2Fb",
  "%2e%2e%2Fb",
  "a%5Cb",
  "..%5Cb",
  "a%00b",
  "a%0Ab",
  "a%0D%0Ab",
  "a%7Fb",
  "a%1Bb",
  "a%C2%85b",
  "a%E2%80%AEb",
  "a%E2%80%A8b",
  "%20a",
  "a%20",
  "a.",
  "a.%20",
  "CON",
  "nul.txt",
  "com1.tar.gz",
  "a//b",
  "/b",
  "n".repeat(201),
  "%C3%A9".repeat(101),
  "n".repeat(255),
  "n".repeat(300),
  Array.from({ length: 33 }, () => "d").join("/"),
];

async function addresses(site: UploadSite): Promise<void> {
  for (const [path, name] of TAKEN) {
    assert.equal((await site.raw("PUT", `/put/${path}`, "x")).status, 201, path);
    assert.equal((await site.raw("GET", `/put/${path}`)).body, "x", path);
    assert.ok((await site.names("put")).includes(name), name);
  }
  // The same name in another form is the same file.
  assert.equal((await site.raw("PUT", "/put/e%CC%81.txt", "x")).status, 204);
  const before = await site.names("put");
  for (const path of REFUSED) {
    for (const method of ["PUT", "DELETE"]) {
      const { status } = await site.raw(method, `/put/${path}`, "x");
      assert.equal(status, 400, `${method} ${path}`);
    }
    const { status } = await site.raw("GET", `/put/${path}`);
    assert.ok(status >= 400 && status < 500, `GET ${path}: ${status}`);
  }
  assert.deepEqual(await site.names("put"), before);
}

/** As a form says it, and what becomes of it; null: a fresh name. */
const MENDED: readonly [given: string, name: string | null][] = [
  ["plain.txt", "plain.txt"],
  ["C:\\\\Users\\\\me\\\\a.txt", "a.txt"],
  ["/etc/passwd", "passwd"],
  ["../../up.txt", "up.txt"],
  ["..\\\\..\\\\win.txt", "win.txt"],
  [".htaccess", "htaccess"],
  ["..", null],
  ["dir/", null],
  ["...", null],
  ["a\tb.txt", "a_b.txt"],
  ["evil\u202Egnp.exe", "evil_gnp.exe"],
  ["nul.txt", "_nul.txt"],
  ["%22quoted%22.txt", '"quoted".txt'],
  ["é.txt", "é.txt"],
  ["e\u0301t\u0301.txt", "ét\u0301.txt"],
  ["trailing. ", "trailing"],
  ["<b>.txt", "<b>.txt"],
  [`${"n".repeat(300)}.txt`, `${"n".repeat(176)}.txt`],
  ["é".repeat(150), "é".repeat(90)],
];

async function forms(site: UploadSite): Promise<void> {
  for (const [filename, expected] of MENDED) {
    const body = formOf([{ name: "f", filename, content: "x" }]);
    const answer = await site.raw("POST", "/form/", body, [`Content-Type: ${FORM_TYPE}`]);
    assert.equal(answer.status, 201, filename);
    const { files } = JSON.parse(Buffer.from(answer.body, "latin1").toString()) as {
      files: { name: string }[];
    };
    const { name } = files[0]!;
    if (expected === null) assert.match(name, /^upload_\d{8}_\d{6}_[a-z0-9]{6}\./, filename);
    else assert.equal(name, expected, filename);
    assert.ok((await site.names("form")).includes(name), filename);
    assert.ok(Buffer.byteLength(name) <= 200, filename);
  }
  assert.equal((await site.names("form")).length, MENDED.length);
}

async function dispositions(site: UploadSite): Promise<void> {
  const rows: readonly [value: string, name: string | null][] = [
    ["attachment; filename=a.txt", "a.txt"],
    ['attachment; filename="a b.txt"', "a b.txt"],
    ["attachment; filename*=UTF-8''%2e%2e%2Fx%2Fup.txt", "up.txt"],
    ["attachment; filename*=UTF-8''..", null],
    ["attachment", null],
    ["inline; filename=inline.txt", "inline.txt"],
    ["attachment; filename=", null],
    ["nonsense;;;=", null],
  ];
  for (const [value, expected] of rows) {
    const fields = [`Content-Disposition: ${value}`, "Content-Type: text/plain"];
    const answer = await site.raw("POST", "/post/", "x", fields);
    assert.equal(answer.status, 201, value);
    const { files } = JSON.parse(answer.body) as { files: { name: string }[] };
    if (expected === null) assert.match(files[0]!.name, /^upload_.*\.txt$/, value);
    else assert.equal(files[0]!.name, expected, value);
  }
}

async function links(site: UploadSite): Promise<void> {
  await mkdir(site.path("outside"));
  await writeFile(site.path("outside", "secret"), "secret");
  await symlink(site.path("outside"), site.path("links", "folder"));
  await symlink(site.path("outside", "secret"), site.path("links", "file"));
  for (const path of ["links/folder/new", "links/folder/secret"]) {
    const { status } = await site.put(path, "x");
    assert.ok(status === 403 || status === 404 || status === 409, `PUT ${path}: ${status}`);
    const removed = await site.fetch(path, { method: "DELETE" });
    assert.ok(removed.status === 403 || removed.status === 404, `DELETE ${path}`);
  }
  await site.put("links/file", "x");
  await site.fetch("links/file", { method: "DELETE" });
  assert.deepEqual(await site.names("outside"), ["secret"]);
  assert.equal(await readFile(site.path("outside", "secret"), "utf8"), "secret");
}

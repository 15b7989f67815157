// The page behind a plain form: what was kept of it is shown to whom it is from, escaped, and only
// the name of its record is in the address.
import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withSite } from "../../src/testing/index.ts";

const BROWSER = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const CONFIG = `
[[site]]
[[site.route]]
path = "/guestbook/*"
methods = ["POST", "GET"]
upload = { to = "guests", accept = ["application/json"], fileBytes = "64 KiB" }
`;

interface Records {
  readonly url: string;
  readonly folder: string;
  /** The names of the records. */
  stored(): Promise<string[]>;
}

function withRecords(use: (records: Records) => Promise<void>): Promise<void> {
  return withSite({ config: CONFIG }, async ({ folder, program }) => {
    const stored = async (): Promise<string[]> => {
      const names = await readdir(join(folder, "guests"));
      return names.filter((one) => !one.startsWith("."));
    };
    await use({ url: program.urls[0]!, folder, stored });
  });
}

test("an entry is shown to whom it is from, and kept", () =>
  withRecords(async ({ url, folder, stored }) => {
    const fields = { name: "Ann <b>", text: "Two\r\nlines & more" };
    const action = `${url}/guestbook/`;
    const headers = { ...BROWSER, Origin: url, "Sec-Fetch-Site": "same-origin" };
    const body = new URLSearchParams(fields);
    const answer = await fetch(action, { method: "POST", body, headers, redirect: "manual" });
    assert.equal(answer.status, 303, await answer.text());
    const page = await (await fetch(new URL(answer.headers.get("location")!, action))).text();
    assert.ok(page.includes("<dd>Ann &lt;b&gt;</dd>"));
    assert.ok(page.includes("<dd>Two\nlines &amp; more</dd>"));
    const [name, ...others] = await stored();
    assert.deepEqual(others, []);
    assert.deepEqual(JSON.parse(await readFile(join(folder, "guests", name!), "utf8")), fields);
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
  withRecords(async ({ url }) => {
    const { searchParams } = new URL(await addressBehindEntry(url));
    const [told] = searchParams.get("stored")!.split(".");
    assert.doesNotMatch(Buffer.from(told!, "base64url").toString(), /Ann|Hello/u);
  }));

const CHANGED = ["", "null", "[]", "5", "no JSON", '{"a":', "[[[]]]", '{"a":{"toString":"b"}}'];
test("a record that is none any more, or gone, still has its page", () =>
  withRecords(async ({ url, folder, stored }) => {
    const known = new Set<string>();
    for (const text of [...CHANGED, null]) {
      const address = await addressBehindEntry(url);
      const name = (await stored()).find((one) => !known.has(one))!;
      known.add(name);
      const file = join(folder, "guests", name);
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
  withRecords(async ({ url }) => {
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

test("nobody reads another's entry, changes it, or writes from another site", () =>
  withRecords(async ({ url, stored }) => {
    const body = new URLSearchParams({ name: "Ann", text: "Hello" });
    const entry = await fetch(`${url}/guestbook/`, { method: "POST", body });
    const address = url + entry.headers.get("location")!;
    assert.deepEqual([entry.status, (await fetch(address)).status], [201, 405]);
    for (const method of ["PUT", "DELETE"]) {
      const answer = await fetch(`${url}/guestbook/a.json`, { method });
      assert.equal(answer.status, 405, method);
    }
    const headers = { Origin: "http://other.example" };
    const foreign = await fetch(`${url}/guestbook/`, { method: "POST", body, headers });
    assert.equal(foreign.status, 403);
    assert.equal((await stored()).length, 1);
  }));

const REFUSED = [
  { what: "without a field", text: "", status: 400 },
  { what: "as long as a book", text: `text=${"x".repeat(70 * 1024)}`, status: 413 },
];
for (const { what, text, status } of REFUSED) {
  test(`an entry ${what} is answered ${status}, and nothing is kept`, () =>
    withRecords(async ({ url, stored }) => {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      const answer = await fetch(`${url}/guestbook/`, { method: "POST", body: text, headers });
      assert.equal(answer.status, status, await answer.text());
      assert.deepEqual(await stored(), []);
    }));
}

// The guest book of the demo, as two visitors see it, and a script in another language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withDemo, type ServedDemo } from "./served-demo.ts";

/** A browser, as far as cookies go. */
class Visitor {
  readonly #url: string;
  #cookie = "";

  constructor({ url }: ServedDemo) {
    this.#url = url;
  }

  async get(path: string): Promise<string> {
    const answer = await this.ask(path);
    assert.equal(answer.status, 200, path);
    return answer.text();
  }

  async ask(path: string, request: RequestInit = {}): Promise<Response> {
    const headers = { ...(request.headers as Record<string, string>), Cookie: this.#cookie };
    const answer = await fetch(this.#url + path, { ...request, headers, redirect: "manual" });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) this.#cookie = set.slice(0, set.indexOf(";"));
    return answer;
  }

  async sign(fields: Record<string, string>, headers = {}): Promise<Response> {
    const body = new URLSearchParams(fields);
    return this.ask("/guests/", { method: "POST", body, headers });
  }
}

const yours = (page: string): string => /<h2>Your entries[^]*?<\/section>/u.exec(page)![0];

test("an entry is thanked for once, and is the visitor's own from then on", () =>
  withDemo(async (demo) => {
    const ann = new Visitor(demo);
    const answer = await ann.sign({ name: "Ann <b>", text: "Two\r\nlines & more" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [303, "/guests/"]);
    const page = await ann.get("/guests/");
    assert.match(page, /Thank you, Ann &lt;b&gt;\./u);
    assert.match(yours(page), /<dd>Two\nlines &amp; more<\/dd>/u);
    assert.doesNotMatch(await ann.get("/guests/"), /Thank you/u);
    const stranger = await new Visitor(demo).get("/guests/");
    assert.match(stranger, /<dd>Two\nlines &amp; more<\/dd>/u);
    assert.match(yours(stranger), /None yet/u);
  }));

test("who only looks is given no cookie", () =>
  withDemo(async (demo) => {
    const answer = await new Visitor(demo).ask("/guests/");
    assert.deepEqual([answer.status, answer.headers.getSetCookie()], [200, []]);
  }));

test("a script in PHP greets who signed, and nobody else", () =>
  withDemo(async (demo) => {
    const ann = new Visitor(demo);
    await ann.sign({ name: "Ann", text: "Hello" });
    assert.match(await ann.get("/cgi-bin/porch.php/greeting"), /Good day, <strong>Ann</u);
    const stranger = new Visitor(demo);
    assert.match(await stranger.get("/cgi-bin/porch.php/greeting"), /We have not met/u);
  }));

test("who signs by another name is known by that, under another id, with the old entries", () =>
  withDemo(async (demo) => {
    const ann = new Visitor(demo);
    const first = await ann.sign({ name: "Ann", text: "One" });
    const second = await ann.sign({ name: "Anna", text: "Two" });
    assert.notEqual(first.headers.getSetCookie()[0], second.headers.getSetCookie()[0]);
    assert.match(yours(await ann.get("/guests/")), /Two[^]*One/u);
    assert.match(await ann.get("/cgi-bin/porch.php/greeting"), /<strong>Anna</u);
  }));

const REFUSED: { what: string; fields: Record<string, string>; status: number; from?: string }[] = [
  { what: "an entry without a text", fields: { name: "Ann" }, status: 400 },
  { what: "an entry of nobody", fields: { name: "  ", text: "Hello" }, status: 400 },
  {
    what: "an entry as long as a book",
    fields: { name: "Ann", text: "x".repeat(4001) },
    status: 400,
  },
  {
    what: "an entry that another site's page sends",
    fields: { name: "Ann", text: "Hello" },
    status: 403,
    from: "http://other.example",
  },
];
for (const { what, fields, status, from } of REFUSED) {
  test(`${what} is answered ${status}, and is in no page`, () =>
    withDemo(async (demo) => {
      const visitor = new Visitor(demo);
      const headers = from === undefined ? {} : { Origin: from };
      assert.equal((await visitor.sign(fields, headers)).status, status);
      assert.match(await visitor.get("/guests/"), /The first page is still empty/u);
    }));
}

test("the guest book has one page, for three methods", () =>
  withDemo(async (demo) => {
    const visitor = new Visitor(demo);
    assert.equal((await visitor.ask("/guests/other")).status, 404);
    for (const method of ["PUT", "DELETE"]) {
      const answer = await visitor.ask("/guests/", { method });
      assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "GET, HEAD, POST"]);
    }
  }));

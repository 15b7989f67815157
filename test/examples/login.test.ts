import assert from "node:assert/strict";
import { test } from "node:test";
import { withExample, type Example } from "./served-example.ts";

/** A browser, as far as one cookie goes. */
class Visitor {
  cookie = "";
  readonly #example: Example;

  constructor(example: Example) {
    this.#example = example;
  }

  async ask(method: string, path: string, body: string | null = null): Promise<Response> {
    const headers = { Cookie: this.cookie, Origin: this.#example.url };
    const answer = await this.#example.fetch(path, { method, headers, body });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.slice(0, set.indexOf(";"));
    return answer;
  }

  async login(password: string): Promise<Response> {
    return this.ask("POST", "/login", `name=ann&password=${encodeURIComponent(password)}`);
  }

  async page(path: string): Promise<string> {
    const answer = await this.ask("GET", path);
    assert.equal(answer.status, 200, `${path} ${answer.headers.get("location")}`);
    return answer.text();
  }
}

test("who logs in is known, counted, and gone after the logout", () =>
  withExample("login", async (example) => {
    const ann = new Visitor(example);
    assert.equal((await ann.ask("GET", "/")).headers.get("location"), "/login");
    assert.equal((await ann.login("correct horse")).headers.get("location"), "/");
    assert.match(await ann.page("/"), /Hello, ann\. You were here 1 times/u);
    assert.match(await ann.page("/"), /You were here 2 times/u);
    const { cookie } = ann;
    assert.equal((await ann.ask("POST", "/logout")).status, 303);
    ann.cookie = cookie;
    assert.equal((await ann.ask("GET", "/")).headers.get("location"), "/login");
  }));

test("a wrong password is refused, which is said once", () =>
  withExample("login", async (example) => {
    const ann = new Visitor(example);
    assert.equal((await ann.login("wrong")).headers.get("location"), "/login");
    assert.match(await ann.page("/login"), /That is not right/u);
    assert.doesNotMatch(await ann.page("/login"), /That is not right/u);
    assert.equal((await ann.ask("GET", "/")).status, 303);
  }));

test("the id behind a login is not the one before it", () =>
  withExample("login", async (example) => {
    const ann = new Visitor(example);
    await ann.login("wrong");
    const before = ann.cookie;
    await ann.login("correct horse");
    assert.notEqual(ann.cookie, before);
    const thief = new Visitor(example);
    thief.cookie = before;
    assert.equal((await thief.ask("GET", "/")).headers.get("location"), "/login");
  }));

test("another site's page logs nobody in or out", () =>
  withExample("login", async (example) => {
    for (const path of ["/login", "/logout"]) {
      const headers = { Origin: "http://other.example" };
      assert.equal((await example.fetch(path, { method: "POST", headers })).status, 403, path);
    }
  }));

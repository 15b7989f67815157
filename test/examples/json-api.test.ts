import assert from "node:assert/strict";
import { test } from "node:test";
import { withExample, type Example } from "./served-example.ts";

function send(example: Example, method: string, path: string, note: unknown): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return example.fetch(path, { method, headers, body: JSON.stringify(note) });
}

test("a note is made, read, changed and removed", () =>
  withExample("json-api", async (example) => {
    const made = await send(example, "POST", "/notes", { text: "buy lime" });
    assert.deepEqual([made.status, made.headers.get("location")], [201, "/notes/1"]);
    assert.deepEqual(await made.json(), { id: 1, text: "buy lime", done: false });
    const changed = await send(example, "PUT", "/notes/1", { text: "buy lime", done: true });
    assert.deepEqual(await changed.json(), { id: 1, text: "buy lime", done: true });
    await send(example, "POST", "/notes", { text: "lay stones" });
    const all = (await (await example.fetch("/notes")).json()) as { id: number }[];
    assert.deepEqual(
      all.map(({ id }) => id),
      [2, 1],
    );
    assert.equal((await example.fetch("/notes/1", { method: "DELETE" })).status, 204);
    assert.equal((await example.fetch("/notes/1")).status, 404);
  }));

test("a note that is deleted while its change comes is not there", () =>
  withExample("json-api", async (example) => {
    await send(example, "POST", "/notes", { text: "buy lime" });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const change = example.fetch("/notes/1", { method: "PUT", body: readable, duplex: "half" });
    const writer = writable.getWriter();
    await writer.write(Buffer.from('{"text":'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal((await example.fetch("/notes/1", { method: "DELETE" })).status, 204);
    await writer.write(Buffer.from('"late"}'));
    await writer.close();
    assert.equal((await change).status, 404);
  }));

const REFUSED = [
  { what: "no JSON", body: "{", status: 400, why: "The body is no JSON." },
  { what: "null", body: "null", status: 400, why: "A note is an object." },
  { what: "a list", body: "[]", status: 400, why: /`text` is a text/u },
  { what: "a note without a text", body: "{}", status: 400, why: /`text` is a text/u },
  { what: "a text that is none", body: '{"text":5}', status: 400, why: /`text` is a text/u },
  { what: "done by half", body: '{"text":"a","done":0.5}', status: 400, why: /true or false/u },
];
for (const { what, body, status, why } of REFUSED) {
  test(`${what} is answered ${status}, with why`, () =>
    withExample("json-api", async (example) => {
      const answer = await example.fetch("/notes", { method: "POST", body });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      const { detail } = (await answer.json()) as { detail: string };
      if (typeof why === "string") assert.equal(detail, why);
      else assert.match(detail, why);
      assert.deepEqual(await (await example.fetch("/notes")).json(), []);
    }));
}

test("what is larger than the route takes is 413, whoever asked for it", () =>
  withExample("json-api", async (example) => {
    const announced = await send(example, "POST", "/notes", { text: "x".repeat(70_000) });
    assert.equal(announced.status, 413);
    const body = new Blob([`{"text":"${"x".repeat(70_000)}"}`]).stream();
    const streamed = await example.fetch("/notes", { method: "POST", body, duplex: "half" });
    assert.equal(streamed.status, 413);
  }));

test("a method that an address does not take is 405 with those that it does", () =>
  withExample("json-api", async (example) => {
    const all = await example.fetch("/notes", { method: "DELETE" });
    assert.deepEqual([all.status, all.headers.get("allow")], [405, "GET, POST"]);
    assert.equal((await example.fetch("/notes/1x")).status, 404);
  }));

// Whatever the light response does is what Node's own does: each case is asked of both.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NativeResponse } from "./native-web.ts";
import { LightResponse } from "./response.ts";

type Make = (R: typeof Response) => Response | Promise<Response>;

const Light = LightResponse as unknown as typeof Response;

function streamOf(...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(Buffer.from(piece));
      controller.close();
    },
  });
}

async function* pieces(...given: (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  yield* given;
}

const hostile = (name: string, value: string): Record<string, string> => ({ [name]: value });
const given = (value: unknown): BodyInit => value as BodyInit;
type BodyInit = NonNullable<ConstructorParameters<typeof Response>[0]>;

const CASES: Readonly<Record<string, Make>> = {
  nothing: (R) => new R(),
  null: (R) => new R(null),
  "undefined with options": (R) => new R(undefined, { status: 404 }),
  "null as options": (R) => new R("a", null as never),
  text: (R) => new R("hellö"),
  "no text": (R) => new R(""),
  "half a character": (R) => new R("a\ud800b"),
  "a number": (R) => new R(given(12)),
  "an object": (R) => new R(given({ a: 1 })),
  bytes: (R) => new R(Buffer.from("bytes")),
  "a piece of bytes": (R) => new R(new Uint8Array([1, 97, 98, 2]).subarray(1, 3)),
  "a view of words": (R) => new R(new Uint16Array([0x6161, 0x6262])),
  "an array buffer": (R) => new R(new Uint8Array([97, 98]).buffer),
  "a blob": (R) => new R(new Blob(["blob"], { type: "text/x" })),
  "a blob of no type": (R) => new R(new Blob(["blob"])),
  parameters: (R) => new R(new URLSearchParams({ a: "1 2", b: "ö" })),
  "a stream": (R) => new R(streamOf("a", "b")),
  "an async iterable": (R) => new R(given(pieces("a", Buffer.from("b")))),
  "a type of its own": (R) => new R("{}", { headers: { "content-type": "text/x" } }),
  "headers of a list": (R) =>
    new R("a", {
      headers: [
        ["a", "1"],
        ["A", "2"],
      ],
    }),
  "headers of Headers": (R) => new R("a", { headers: new Headers({ a: "1" }) }),
  "headers of a Map": (R) => new R("a", { headers: new Map([["a", "1"]]) as never }),
  "a name twice": (R) => new R("a", { headers: { "X-A": "1", "x-a": "2" } }),
  "blanks around a value": (R) => new R("a", { headers: hostile("a", " \t1\r\n ") }),
  "a value that is a number": (R) => new R("a", { headers: hostile("a", 1 as never) }),
  "latin1 in a value": (R) => new R("a", { headers: hostile("a", "é") }),
  "a line end in a value": (R) => new R("a", { headers: hostile("a", "1\r\nb: 2") }),
  "NUL in a value": (R) => new R("a", { headers: hostile("a", "\0") }),
  "more than latin1 in a value": (R) => new R("a", { headers: hostile("a", "☃") }),
  "a blank in a name": (R) => new R("a", { headers: hostile("a b", "1") }),
  "no name": (R) => new R("a", { headers: hostile("", "1") }),
  "headers that are null": (R) => new R("a", { headers: null as never }),
  "headers that are text": (R) => new R("a", { headers: "a: b" as never }),
  "a list that is no pairs": (R) => new R("a", { headers: [["a"]] as never }),
  "status 299": (R) => new R("a", { status: 299 }),
  "status 599": (R) => new R("a", { status: 599 }),
  "status 600": (R) => new R("a", { status: 600 }),
  "status 199": (R) => new R("a", { status: 199 }),
  "status 101": (R) => new R(null, { status: 101 }),
  "status 0": (R) => new R(null, { status: 0 }),
  "status of text": (R) => new R(null, { status: "201" as never }),
  "status that is none": (R) => new R(null, { status: "abc" as never }),
  "status over 16 bits": (R) => new R(null, { status: 65536 + 200 }),
  "status with a fraction": (R) => new R(null, { status: 200.9 }),
  "a reason": (R) => new R(null, { statusText: "Fine" }),
  "a reason with a line end": (R) => new R(null, { statusText: "a\r\nb" }),
  "options that are a number": (R) => new R(null, 1 as never),
  "content where there is none": (R) => new R("a", { status: 204 }),
  "no text where there is none": (R) => new R("", { status: 304 }),
  "no content": (R) => new R(null, { status: 204 }),
  "options that are a response": (R) =>
    new R("b", new R("a", { status: 201, headers: { a: "1" } })),
  json: (R) => R.json({ a: [1, "ö"] }),
  "json with options": (R) => R.json(1, { status: 201, headers: { a: "1" } }),
  "json of a type of its own": (R) =>
    R.json(1, { headers: new Headers({ "content-type": "x/y" }) }),
  "json of nothing": (R) => R.json(undefined),
  "json of what has no text": (R) => R.json(() => 1),
  "json in a circle": (R) => R.json(circle()),
  "json where there is no content": (R) => R.json(1, { status: 204 }),
  redirect: (R) => R.redirect("http://a.test/b c"),
  "redirect by 308": (R) => R.redirect("http://a.test/", 308),
  "redirect by 200": (R) => R.redirect("http://a.test/", 200 as never),
  "redirect to no URL": (R) => R.redirect("/a"),
  clone: (R) => new R("a", { status: 201, headers: { a: "1" } }).clone(),
  "clone of a stream": (R) => new R(streamOf("a", "b")).clone(),
  "what was cloned": (R) => cloned(new R(streamOf("a", "b"))),
  "clone of what was read": async (R) => (await read(new R("a"))).clone(),
  "what was read": (R) => read(new R("a")),
  "nothing, read": (R) => read(new R()),
  "a stream, read": (R) => read(new R(streamOf("a"))),
  "what was read by its stream": async (R) => {
    const response = new R("a");
    await response.body!.getReader().read();
    return response;
  },
  "a stream that is locked": (R) => {
    const stream = streamOf("a");
    stream.getReader();
    return new R(stream);
  },
  "a stream that was read": async (R) => {
    const stream = streamOf("a");
    await stream.cancel();
    return new R(stream);
  },
  "a body with a reader": (R) => {
    const response = new R("a");
    response.body!.getReader();
    return response;
  },
  "headers that are changed": (R) => {
    const response = new R("a", { headers: { a: "1" } });
    response.headers.append("set-cookie", "a=1");
    response.headers.append("set-cookie", "b=2");
    response.headers.delete("content-type");
    return response;
  },
  "a clone whose headers are changed": (R) => {
    const response = new R("a", { headers: { a: "1" } });
    response.clone().headers.set("a", "2");
    return response;
  },
};

function circle(): unknown {
  const ring: unknown[] = [];
  ring.push(ring);
  return ring;
}

async function read(response: Response): Promise<Response> {
  await response.text();
  return response;
}

function cloned(response: Response): Response {
  response.clone();
  return response;
}

async function seen(make: Make, R: typeof Response): Promise<unknown> {
  let response: Response;
  try {
    response = await make(R);
  } catch (error) {
    return { thrown: (error as Error).constructor.name };
  }
  const { status, ok, statusText, type, url, redirected, bodyUsed } = response;
  const before = { status, ok, statusText, type, url, redirected, bodyUsed };
  const headers = [...response.headers];
  const hasBody = response.body !== null;
  const text = await response.text().catch((error: Error) => error.constructor.name);
  return { ...before, headers, hasBody, text, usedBehind: response.bodyUsed };
}

for (const [name, make] of Object.entries(CASES)) {
  test(`${name}: as Node's own`, async () => {
    assert.deepEqual(await seen(make, Light), await seen(make, NativeResponse));
  });
}

for (const how of ["json", "bytes", "arrayBuffer", "blob", "text", "formData"] as const) {
  test(`${how}() reads what Node's own reads`, async () => {
    const text = how === "formData" ? "a=1&b=2" : '{"a":"ö"}';
    const type = how === "formData" ? "application/x-www-form-urlencoded" : "application/json";
    const init = { headers: { "content-type": type } };
    const [light, native] = [new Light(text, init), new NativeResponse(text, init)];
    const [one, other] = [await light[how](), await native[how]()];
    assert.deepEqual(await comparable(one), await comparable(other));
    assert.equal(light.bodyUsed, true);
    await assert.rejects(light[how](), TypeError);
  });
}

async function comparable(value: unknown): Promise<unknown> {
  if (value instanceof Blob) return [value.type, await value.text()];
  return value instanceof FormData ? [...value] : value;
}

test("a form says how its parts are divided", async () => {
  const form = new FormData();
  form.set("a", "1");
  const light = new Light(form);
  assert.match(light.headers.get("content-type")!, /^multipart\/form-data; boundary=/);
  assert.equal((await light.formData()).get("a"), "1");
});

test("bytes that change behind its back are as they were", async () => {
  const bytes = Buffer.from("before");
  const light = new Light(bytes);
  bytes.write("behind");
  assert.equal(await light.text(), "before");
});

test("both are responses, to either class, and nothing else is", () => {
  const [light, native] = [new Light("a"), new NativeResponse("a")];
  class Own extends Light {}
  assert.ok(light instanceof Light && light instanceof NativeResponse);
  assert.ok(native instanceof Light);
  assert.ok(new Own("a") instanceof Own && new Own("a") instanceof NativeResponse);
  for (const none of [light, native, {}, null, 1]) assert.ok(!(none instanceof Own));
  for (const none of [{}, null, 1, Light]) assert.ok(!((none as unknown) instanceof Light));
});

test("it has every member that Node's own has", () => {
  for (const name of Object.getOwnPropertyNames(NativeResponse.prototype)) {
    assert.ok(Object.hasOwn(LightResponse.prototype, name), name);
  }
  assert.equal(Object.prototype.toString.call(new Light()), "[object Response]");
});

// Node's own loses it.
test("__proto__ is a name like any other", () => {
  const { headers } = new Light("a", {
    headers: JSON.parse('{"__proto__":"1"}') as Record<string, string>,
  });
  assert.equal(headers.get("__proto__"), "1");
});

test("a list of headers that was read by one is not changed by another", () => {
  const init = { headers: { a: "1" } };
  const [one, other] = [new Light("a", init), new Light("b", init)];
  one.headers.set("a", "2");
  assert.equal(other.headers.get("a"), "1");
});

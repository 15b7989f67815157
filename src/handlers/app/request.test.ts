import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Failure } from "../../base/failure.ts";
import type { RequestBody } from "../../http/exchange/index.ts";
import { exchangeOf, type AskedFor } from "../../testing/index.ts";
import { AppRefused } from "./app-refused.ts";
import { NativeRequest } from "./native-web.ts";
import { LightRequest, nativeRequestOf } from "./request.ts";

/** A body of these pieces, then its end or a failure. It counts how often it is asked. */
class GivenBody implements RequestBody {
  readonly length = null;
  bytesMax = 1000;
  readyBytes = 0;
  asked = 0;
  readonly #pieces: (Uint8Array | Failure)[];

  constructor(...pieces: (string | Failure)[]) {
    this.#pieces = pieces.map((one) => (typeof one === "string" ? Buffer.from(one) : one));
  }

  async read(): Promise<Uint8Array | null | Failure> {
    this.asked += 1;
    return this.#pieces.shift() ?? null;
  }

  fill(): Promise<number> {
    throw new Error("not asked for here");
  }
}

function lightOf(asked: AskedFor, signal = new AbortController().signal): Request {
  return new LightRequest(exchangeOf(asked), { signal }) as unknown as Request;
}

function posted(...pieces: (string | Failure)[]): Request {
  const fields = { "Content-Type": "application/x-www-form-urlencoded" };
  return lightOf({ method: "POST", fields, body: new GivenBody(...pieces) });
}

function namesIn(request: Request): string[] {
  const names: string[] = [];
  // oxlint-disable-next-line guard-for-in -- what is inherited is what is looked for
  for (const name in request) names.push(name);
  return names.toSorted();
}

const cut = new Failure("bodyCut", "gone");

test("it is a request, and prints as one", () => {
  const light = lightOf({ target: "/a", fields: { Accept: "x/y" } });
  assert.match(inspect(light), /^Request \{[^]*headers: Headers \{ Accept: 'x\/y' \}/);
  assert.equal(LightRequest.name, "Request");
  assert.deepEqual(namesIn(light), namesIn(new NativeRequest("http://localhost/a")));
  assert.ok(light instanceof NativeRequest);
  assert.equal(Object.prototype.toString.call(light), "[object Request]");
  for (const name of Object.getOwnPropertyNames(NativeRequest.prototype)) {
    if (name === "attribute") continue; // a plain value, which is inherited
    assert.ok(Object.hasOwn(LightRequest.prototype, name), name);
  }
});

for (const method of ["GET", "HEAD", "POST", "PATCH", "QUERY", "get"]) {
  test(`${method}: its simple members are those of Node's own`, () => {
    const light = lightOf({ method, target: "/a?b=1", fields: { Accept: "x/y" } });
    const headers = { accept: "x/y" };
    const native = new NativeRequest("http://localhost/a?b=1", { method, headers });
    for (const name of ["url", "redirect", "mode", "credentials", "cache", "referrer"] as const) {
      assert.equal(light[name], native[name], name);
    }
    for (const name of ["duplex", "keepalive", "bodyUsed", "body", "integrity"] as const) {
      assert.deepEqual(light[name], native[name], name);
    }
    assert.deepEqual([...light.headers], [...native.headers]);
    assert.equal(light.method, method);
  });
}

for (const method of ["GET", "HEAD"]) {
  test(`a ${method} has no body, whatever came`, async () => {
    const body = new GivenBody("a");
    const light = lightOf({ method, body });
    assert.equal(light.body, null);
    assert.equal(await light.text(), "");
    assert.equal(light.bodyUsed, false);
    assert.equal(body.asked, 0);
  });
}

test("a body is read whole, in whatever pieces it came", async () => {
  assert.equal(await posted().text(), "");
  assert.equal(await posted("a").text(), "a");
  assert.equal(await posted("h\u00e9", "llo ", "w").text(), "héllo w");
  assert.deepEqual(await posted('{"a":', "1}").json(), { a: 1 });
  assert.deepEqual(await posted("ab", "c").bytes(), Uint8Array.from(Buffer.from("abc")));
  assert.equal((await posted("ab", "c").arrayBuffer()).byteLength, 3);
  assert.equal((await posted("a=1&b", "=2").formData()).get("b"), "2");
  const blob = await posted("ab").blob();
  assert.deepEqual([blob.type, blob.size], ["application/x-www-form-urlencoded", 2]);
});

test("a byte order mark is not of the text, and what is no UTF-8 shows as such", async () => {
  assert.equal(await posted("\ufeffa").text(), "a");
  const body = new GivenBody();
  body.read = async () => (body.asked++ === 0 ? Uint8Array.from([0x61, 0xff]) : null);
  assert.equal(await lightOf({ method: "POST", body }).text(), "a\ufffd");
});

test("bytes are an app's own: no Buffer, and no memory that others have", async () => {
  const bytes = await posted("a").bytes();
  assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
  assert.equal(bytes.buffer.byteLength, 1);
  const { value } = await posted("a").body!.getReader().read();
  assert.equal(value!.buffer.byteLength, 1);
});

for (const [name, how] of [
  ["text", (light: Request) => light.text()],
  ["json", (light: Request) => light.json()],
  ["a reader", (light: Request) => light.body!.getReader().read()],
  ["clone", (light: Request) => Promise.resolve().then(() => light.clone())],
  [
    "a request made of it",
    async (light: Request) => new NativeRequest(nativeRequestOf(own(light))),
  ],
] as const) {
  test(`what was read is not read again, by ${name}`, async () => {
    const light = posted("a");
    await light.text();
    assert.equal(light.bodyUsed, true);
    const again = await how(light).then(
      (value) => (value as { done?: boolean }).done,
      (error: Error) => error.constructor.name,
    );
    assert.ok(again === true || again === "TypeError", String(again));
  });
}

function own(light: Request): LightRequest {
  return light as unknown as LightRequest;
}

test("a body that fails rejects with what went wrong, however it is read", async () => {
  const failed = (error: unknown): boolean => {
    assert.ok(error instanceof AppRefused);
    assert.equal(error.failure, cut);
    return true;
  };
  await assert.rejects(posted("a", cut).text(), failed);
  await assert.rejects(posted("a", cut).json(), failed);
  const reader = posted("a", cut).body!.getReader();
  assert.equal(Buffer.from((await reader.read()).value).toString(), "a");
  await assert.rejects(reader.read(), failed);
  await assert.rejects(posted("a", cut).clone().text(), failed);
  await assert.rejects(nativeRequestOf(own(posted("a", cut))).text(), failed);
});

test("a stream takes nothing that nobody asks for", async () => {
  const body = new GivenBody("a", "b", "c");
  const light = lightOf({ method: "POST", body });
  const reader = light.body!.getReader();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(body.asked, 0);
  await reader.read();
  assert.equal(body.asked, 1);
  assert.equal(light.bodyUsed, true);
});

test("a stream is read into somebody's own memory", async () => {
  const reader = posted("abc", "de").body!.getReader({ mode: "byob" });
  const seen: string[] = [];
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- piece by piece
    const { done, value } = await reader.read(new Uint8Array(2));
    if (value !== undefined) seen.push(Buffer.from(value).toString());
    if (done) break;
  }
  assert.equal(seen.join(""), "abcde");
});

test("text() behind a stream that nobody has read from reads it", async () => {
  const light = posted("a", "b");
  assert.ok(light.body instanceof ReadableStream);
  assert.equal(await light.text(), "ab");
  assert.equal(light.bodyUsed, true);
});

test("a clone and the request it was made of are both read", async () => {
  const light = posted("a", "b");
  const clone = light.clone();
  assert.ok(clone instanceof NativeRequest);
  assert.deepEqual(await Promise.all([light.text(), clone.text()]), ["ab", "ab"]);
  assert.equal(light.bodyUsed, true);
});

test("reading Node's own of it is reading it", async () => {
  const light = posted("a");
  assert.equal(await nativeRequestOf(own(light)).text(), "a");
  assert.equal(light.bodyUsed, true);
  await assert.rejects(light.text(), TypeError);
});

test("its signal, and that of Node's own, is aborted when nobody waits any more", () => {
  const leaving = new AbortController();
  const light = lightOf({}, leaving.signal);
  const native = nativeRequestOf(own(light));
  leaving.abort();
  assert.equal(light.signal.aborted, true);
  assert.equal(native.signal.aborted, true);
});

for (const method of ["TRACK", "get", "hEAD"]) {
  test(`${method} with a body is refused where Node's own is wanted, not taken for a bug`, () => {
    const light = lightOf({ method, body: new GivenBody("a") });
    assert.equal(light.method, method);
    assert.throws(() => light.clone(), { code: "methodUnknown", status: 501 });
  });
}

// What is returned by whom, and thrown, is in handler.test.ts; here is what goes out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteStream, Reply } from "../../http/exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { answerOf } from "./answer.ts";
import { installLightClasses } from "./globals.ts";
import { NativeResponse } from "./native-web.ts";

installLightClasses();

function replyTo(response: Response, method = "GET"): Reply {
  const answer = answerOf(response, exchangeOf({ method }));
  assert.ok(answer instanceof Reply);
  return answer;
}

test("fields of the connection are the driver's, and those that Connection names", () => {
  const headers = {
    Connection: "close, X-Hop",
    "X-Hop": "1",
    Upgrade: "a",
    TE: "b",
    "Keep-Alive": "c",
    "X-Kept": "2",
  };
  for (const R of [Response, NativeResponse]) {
    const { fields } = replyTo(new R(null, { headers }));
    assert.deepEqual(
      fields.map(([name, value]) => [name.toLowerCase(), value]),
      [["x-kept", "2"]],
    );
  }
});

test("several cookies are several fields, whoever keeps them", () => {
  const headers = [
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
  ] as [string, string][];
  for (const R of [Response, NativeResponse]) {
    const { fields } = replyTo(new R(null, { headers }));
    assert.deepEqual(
      fields.map(([, value]) => value),
      ["a=1", "b=2"],
    );
  }
});

test("headers that are changed go out changed", () => {
  const response = new Response("a");
  response.headers.set("content-type", "x/y");
  assert.deepEqual(replyTo(response).fields, [["content-type", "x/y"]]);
});

test("answers that say the same have one list of fields", () => {
  const made = (): Response => new Response("a", { headers: { "X-A": "1", "X-B": "2" } });
  assert.equal(replyTo(made()).fields, replyTo(made()).fields);
});

async function* pieces(): AsyncGenerator<string> {
  yield "a";
}

const said = (length: string): ResponseInit => ({ headers: { "Content-Length": length } });
type ResponseInit = NonNullable<ConstructorParameters<typeof Response>[1]>;

for (const [name, response, method, length] of [
  ["a stream that says it", new Response(pieces() as never, said("1")), "GET", 1],
  ["a stream that says nothing", new Response(pieces() as never), "GET", null],
  ["a blob", new Response(new Blob(["abc"]), said("99")), "GET", 3],
  ["nothing, to HEAD", new Response(null, said("12")), "HEAD", 12],
  ["nothing of which nothing is said, to HEAD", new Response(null), "HEAD", null],
] as const) {
  test(`the length of ${name} is ${length}`, () => {
    const { body } = replyTo(response, method);
    assert.ok(body instanceof ByteStream);
    assert.equal(body.length, length);
  });
}

for (const length of ["", "-1", "1e3", "0x1", " 1", "1 2", "9".repeat(20), "1,1"]) {
  test(`${JSON.stringify(length)} is no length of a stream`, () => {
    const native = new NativeResponse(new Blob(["a"]).stream(), said(length));
    const seen = native.headers.get("content-length")!;
    if (/^\d{1,15}$/.test(seen)) return; // `Headers` has taken its blanks away
    assert.throws(() => replyTo(native), /no length/);
  });
}

test("text is as long as it is, whatever an app says", () => {
  assert.equal(replyTo(new Response("four", said("99"))).body, "four");
  assert.equal(replyTo(new Response(null, said("99"))).body, null);
});

for (const [coding, isDecoded] of [
  ["gzip", true],
  ["GZIP, br", true],
  ["zstd", true],
  ["aes128gcm", false],
  ["gzip, aes128gcm", false],
] as const) {
  test(`what fetch brought in ${coding} is ${isDecoded ? "" : "not "}decoded`, () => {
    const native = new NativeResponse("a", {
      headers: { "Content-Encoding": coding, "Content-Length": "1", "X-A": "1" },
    });
    Object.defineProperty(native, "url", { value: "http://a.test/" });
    const names = replyTo(native).fields.map(([name]) => name);
    assert.equal(names.includes("content-encoding"), !isDecoded);
    assert.equal(names.includes("content-length"), !isDecoded);
    assert.ok(names.includes("x-a"));
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { ByteStream, Reply, type Answer, type RequestBody } from "../../http/exchange/index.ts";
import { exchangeOf, LeavingClient, roomContext, type AskedFor } from "../../testing/index.ts";
import type { ExchangeContext } from "./context.ts";
import { installLightClasses } from "./globals.ts";
import { appHandler } from "./handler.ts";
import { appTable } from "./options.ts";
import { NativeResponse } from "./native-web.ts";

installLightClasses();

type App = (request: Request, context: ExchangeContext) => unknown;

interface Asked extends AskedFor {
  readonly dev?: boolean;
  readonly env?: Record<string, string>;
  readonly logged?: string[];
}

function ask(fetch: App, asked: Asked = {}): Answer | Promise<Answer> {
  const { logged = [], env = {}, dev } = asked;
  const line = (message: string): void => void logged.push(message);
  const log = { debug: line, info: line, warn: line, error: line };
  const module = (): Record<string, unknown> => ({ default: { fetch } });
  const keepUntil = (work: Promise<unknown>): void => void work;
  const context = roomContext({ module, log, keepUntil, route: "/a/*" });
  const handler = appHandler({ ...appTable("app.ts"), env, dev }, context);
  return handler(exchangeOf(asked));
}

async function replyTo(fetch: App, asked: Asked = {}): Promise<Reply> {
  const answer = await ask(fetch, asked);
  assert.ok(answer instanceof Reply, JSON.stringify(answer));
  return answer;
}

async function textOf({ body }: Reply): Promise<string> {
  if (body === null) return "";
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  assert.ok(body instanceof ByteStream);
  const pieces: Uint8Array[] = [];
  for await (const piece of body.source) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function failingBody(code: string): RequestBody {
  return {
    length: null,
    bytesMax: 10,
    readyBytes: 0,
    read: async () => new Failure(code),
    fill: async () => new Failure(code),
  };
}

test("what is answered at once is no promise", () => {
  assert.ok(ask(() => new Response("a")) instanceof Reply);
  assert.ok(ask(async () => new Response("a")) instanceof Promise);
});

// oxlint-disable-next-line unicorn/no-thenable -- that is what it is
const thenable = { then: (resolve: (value: unknown) => void) => resolve(new Response("a")) };

for (const [name, fetch, expected] of [
  ["text", () => new Response("ö", { status: 201 }), "ö"],
  ["a promise of text", async () => new Response("ö", { status: 201 }), "ö"],
  ["a thenable", () => thenable, "a"],
  ["bytes", () => new Response(Buffer.from("b")), "b"],
  ["a blob", () => new Response(new Blob(["b"])), "b"],
  ["nothing", () => new Response(), ""],
  ["Node's own", () => new NativeResponse("n"), "n"],
  ["Node's own of nothing", () => new NativeResponse(null, { status: 204 }), ""],
  ["pieces", () => new Response(pieces("a", "b") as never), "ab"],
  ["a stream", () => new Response(new Blob(["s"]).stream()), "s"],
  ["text whose stream was asked for", () => touched(new Response("t")), "t"],
  ["a clone", () => new Response("c").clone(), "c"],
] as const) {
  test(`an app may answer ${name}`, async () => {
    assert.equal(await textOf(await replyTo(fetch)), expected);
  });
}

async function* pieces(...given: string[]): AsyncGenerator<string> {
  yield* given;
}

function touched(response: Response): Response {
  assert.ok(response.body instanceof ReadableStream);
  return response;
}

async function used(): Promise<Response> {
  const response = new Response("a");
  await response.text();
  return response;
}

function locked(): Response {
  const response = new Response("a");
  response.body!.getReader();
  return response;
}

for (const [name, fetch, complaint] of [
  ["nothing", () => undefined, /returned undefined/],
  ["null", async () => null, /returned null/],
  ["text", () => "hello", /returned a string/],
  [
    "what only looks like one",
    () => ({ status: 200, body: null }),
    /returned an object \(Object\)/,
  ],
  ["a class", () => Response, /returned a function/],
  ["what was read", used, /has been read/],
  ["what somebody reads", locked, /has been read/],
  ["a network error", () => Response.error(), /network error/],
  ["a length that is none", () => sized("1e3"), /no length/],
] as const) {
  for (const dev of [false, true]) {
    test(`an app that returns ${name} has failed, dev = ${dev}`, async () => {
      const logged: string[] = [];
      const answer = Promise.resolve().then(() => ask(fetch as App, { dev, logged }));
      if (!dev) await assert.rejects(answer, complaint);
      else assert.equal(((await answer) as Reply).status, 500);
      assert.deepEqual(logged, dev ? ["request test-id failed"] : []);
    });
  }
}

function sized(length: string): Response {
  return new Response(pieces("a") as never, { headers: { "Content-Length": length } });
}

for (const code of ["bodyTooLarge", "bodyTimeout", "bodyCut", "chunkMalformed"]) {
  for (const dev of [false, true]) {
    test(`an app that leaves ${code} alone has answered it, dev = ${dev}`, async () => {
      const asked = { method: "POST", body: failingBody(code), dev };
      const answer = await ask(async (request) => new Response(await request.text()), asked);
      assert.ok(answer instanceof Failure);
      assert.equal(answer.code, code);
    });
  }
}

test("an app may answer a body that failed in its own way", async () => {
  const asked = { method: "POST", body: failingBody("bodyTooLarge") };
  const reply = await replyTo(async (request) => {
    const status = await request.json().then(
      () => 200,
      (error: { status: number }) => error.status,
    );
    return new Response(null, { status: status + 9 });
  }, asked);
  assert.equal(reply.status, 422);
});

test("an app whose client has left may fail: nobody is told", async () => {
  const client = new LeavingClient();
  const answer = ask(
    ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      }),
    { client },
  );
  client.leave();
  assert.equal(((await answer) as Failure).code, "clientGone");
});

test("nobody watches a client that is answered at once", () => {
  const client = new LeavingClient();
  void ask(() => new Response("a"), { client });
  assert.equal(client.watchers, 0);
  void ask(async () => new Response("a"), { client });
  assert.equal(client.watchers, 1);
});

test("a stream whose reader leaves is cancelled, even while it is waited for", async () => {
  const client = new LeavingClient();
  let cancelled = 0;
  const stream = new ReadableStream({ cancel: () => void (cancelled += 1) });
  const { body } = await replyTo(() => new Response(stream), { client });
  assert.ok(body instanceof ByteStream);
  const next = body.source[Symbol.asyncIterator]().next();
  client.leave();
  assert.equal((await next).done, true);
  assert.equal(cancelled, 1);
});

test("a module without an app is refused, in words", () => {
  for (const [exported, complaint] of [
    [{}, /no default export/],
    [{ default: null }, /no such function/],
    [{ default: { fetch: 1 } }, /no such function/],
    [{ fetch: () => new Response() }, /no default export/],
  ] as const) {
    const context = roomContext({ module: () => exported });
    assert.throws(() => appHandler("/srv/app.ts", context), complaint);
    assert.throws(() => appHandler("/srv/app.ts", context), /^Error: \/srv\/app\.ts is no app/);
  }
});

test("a request is of the global class, by whatever way that is asked", async () => {
  const app: App = (request) => {
    const made = new Request("http://localhost/");
    return Response.json([request, made].map((one) => one.constructor === Request));
  };
  assert.equal(await textOf(await replyTo(app)), "[true,true]");
  assert.equal(new Response().constructor, Response);
  assert.equal(Response.name, "Response");
});

test("an app may be a function, and finds itself as `this`", async () => {
  const bare = roomContext({ module: () => ({ default: () => new Response("f") }) });
  assert.equal(await textOf((await appHandler("a.ts", bare)(exchangeOf({}))) as Reply), "f");
  class Counting {
    readonly word = "this";
    fetch(): Response {
      return new Response(this.word);
    }
  }
  const made = roomContext({ module: () => ({ default: new Counting() }) });
  assert.equal(await textOf((await appHandler("a.ts", made)(exchangeOf({}))) as Reply), "this");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { ByteStream, Reply, type Handler, type Session } from "../../http/exchange/index.ts";
import {
  answering,
  exchangeOf,
  LogNotes,
  roomContext,
  saidIn,
  SESSION_SETTINGS,
  StoreNotes,
  Visitor,
} from "../../testing/index.ts";
import { sessionFilter } from "./filter.ts";
import type { SessionOptions } from "./options.ts";

const NAME = SESSION_SETTINGS.cookie;
const plain = new Reply(200);
const set = answering((session) => session.set("a", 1));

function site(options: SessionOptions = true) {
  const store = new StoreNotes();
  const log = new LogNotes();
  const filter = sessionFilter(options, roomContext({ sessions: store, log }));
  return { store, log, filter, visitor: () => new Visitor(filter) };
}

test("what nobody touches costs nothing: the same reply, at once, and no store is asked", () => {
  const { store, filter } = site();
  for (const cookie of ["", `${NAME}=${"a".repeat(22)}`]) {
    const exchange = exchangeOf({ fields: { Cookie: cookie } });
    assert.equal(filter(() => plain)(exchange), plain);
    assert.deepEqual([exchange.cookieFields, store.calls], [[], []]);
  }
});

test("`session = false` is as none", () => {
  const exchange = exchangeOf({ method: "POST", fields: { "Sec-Fetch-Site": "cross-site" } });
  assert.equal(site(false).filter(() => plain)(exchange), plain);
  assert.equal(exchange.session, null);
});

test("the session's cookie goes out behind those of the handler", async () => {
  const visit = await site()
    .visitor()
    .visit(async (exchange) => {
      exchange.cookies.set("mine", "1");
      await exchange.session!.set("a", 1);
      return new Reply(201, [["Set-Cookie", "own=2"]]);
    });
  const names = visit.setCookies.map((one) => one.split("=")[0]);
  assert.deepEqual(names, ["own", "mine", NAME]);
  assert.match(visit.setCookies[2]!, /^\w+=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/);
});

for (const status of [200, 204, 304, 302, 404, 500]) {
  test(`an answer of status ${status} has its session saved`, async () => {
    const visitor = site().visitor();
    await visitor.visit(async ({ session }) => {
      await session!.set("a", status);
      return new Reply(status);
    });
    assert.equal(saidIn(await visitor.visit(answering((session) => session.get("a")))), status);
  });
}

test("a stream begins when the session is saved", async () => {
  const { store, visitor } = site();
  const seen: string[] = [];
  async function* pieces(session: Session): AsyncGenerator<Uint8Array> {
    seen.push(...store.calls);
    await assert.rejects(session.set("b", 1), /the answer has begun/);
    yield Buffer.from("x");
  }
  const visit = await visitor().visit(async ({ session }) => {
    await session!.set("a", 1);
    return new Reply(200, [], new ByteStream(pieces(session!)));
  });
  assert.ok(visit.answer instanceof Reply && visit.answer.body instanceof ByteStream);
  for await (const piece of visit.answer.body.source) assert.equal(piece.length, 1);
  assert.deepEqual(seen, ["create"]);
});

const FAILS: [what: string, end: () => Reply | Failure][] = [
  ["throws", () => assert.fail("broken")],
  ["fails", () => new Failure("internalError")],
  ["refuses", () => new Failure("bodyTooLarge")],
];
for (const [what, end] of FAILS) {
  test(`a handler that ${what} saves nothing and sets no cookie`, async () => {
    const { store, visitor } = site();
    const ann = visitor();
    await ann.visit(set);
    const failing: Handler = async ({ session }) => {
      await session!.set("a", 2);
      await session!.regenerate({ user: "ann" });
      return end();
    };
    await ann.visit(failing).catch((error: Error) => assert.match(error.message, /broken/));
    assert.deepEqual(store.calls, ["create", "load"]);
    assert.equal(saidIn(await ann.visit(answering((session) => session.get("a")))), 1);
  });
}

test("parallel requests that change different keys lose nothing", async () => {
  const visitor = site().visitor();
  await visitor.visit(set);
  const both = ["b", "c"].map((key) =>
    visitor.visit(
      answering(async (session) => {
        await session.get(key);
        await new Promise((resolve) => setImmediate(resolve));
        await session.set(key, key);
      }),
    ),
  );
  await Promise.all(both);
  const keys = saidIn(await visitor.visit(answering((session) => session.keys())));
  assert.deepEqual(keys, ["a", "b", "c"]);
});

test("parallel requests of a stranger have a session each", async () => {
  const visitor = site().visitor();
  const visits = await Promise.all([visitor.visit(set), visitor.visit(set)]);
  assert.notEqual(visits[0].setCookies[0], visits[1].setCookies[0]);
});

/** What `late` does is done while the request is under way. */
async function meanwhile(use: (session: Session) => Promise<void>, late: Handler) {
  const { store, visitor } = site();
  const ann = visitor();
  await ann.visit(set);
  const other = visitor();
  other.jar.set(NAME, ann.jar.get(NAME)!);
  const visit = await ann.visit(async ({ session }) => {
    await session!.get("a");
    await other.visit(late);
    await use(session!);
    return plain;
  });
  return { visit, store, ann };
}
const ends = answering((session) => session.destroy());
const renews = answering((session) => session.regenerate());

for (const [what, late] of [
  ["ended", ends],
  ["was given a new id", renews],
] as const) {
  test(`what is set while the session ${what} is not lost in silence`, async () => {
    const { visit } = await meanwhile((session) => session.set("b", 2), late);
    assert.equal(visit.code, "sessionEnded");
  });

  test(`what is deleted while the session ${what} is gone`, async () => {
    const { visit } = await meanwhile((session) => session.delete("a"), late);
    assert.equal(visit.status, 200);
  });

  test(`who logs in while the session ${what} is logged in, with nothing of it`, async () => {
    const login = (session: Session): Promise<void> => session.regenerate({ user: "ann" });
    const { visit, ann } = await meanwhile(login, late);
    assert.equal(visit.status, 200);
    const all = answering(async (session) => [await session.user, await session.keys()]);
    assert.deepEqual(saidIn(await ann.visit(all)), ["ann", []]);
  });

  test(`a new id alone, while the session ${what}, brings nothing back`, async () => {
    const { visit } = await meanwhile((session) => session.regenerate(), late);
    assert.equal(visit.code, "sessionEnded");
  });
}

for (const [call, use] of [
  ["create", (session: Session) => session.set("a", 1)],
  ["save", (session: Session) => session.set("b", 1)],
  ["rename", (session: Session) => session.regenerate()],
  ["end", (session: Session) => session.destroy().catch(() => undefined)],
  ["load", (session: Session) => session.set("b", 1).catch(() => undefined)],
] as const) {
  for (const isLate of [false, true]) {
    test(`a store that fails to ${call}${isLate ? " later" : ""} is answered 503`, async () => {
      const { store, log, visitor } = site();
      store.isLate = isLate;
      const ann = visitor();
      if (call !== "create") await ann.visit(set);
      store.failing.add(call);
      const visit = await ann.visit(answering(use));
      assert.equal(visit.code, "sessionsUnavailable");
      assert.deepEqual((visit.answer as Failure).fields, [["Retry-After", "5"]]);
      assert.match(log.errors.join("\n"), /request test-id: its session was not saved/);
    });
  }
}

test("a handler may do without a session that can't be read", async () => {
  const { store, visitor } = site();
  const ann = visitor();
  await ann.visit(set);
  store.failing.add("load");
  const visit = await ann.visit(answering((session) => session.get("a").catch(() => "none")));
  assert.equal(saidIn(visit), "none");
  const failing: Handler = async ({ session }) => {
    await session!.get("a").catch(() => undefined);
    return new Failure("internalError");
  };
  assert.equal((await ann.visit(failing)).code, "sessionsUnavailable");
});

test("what others made too large meanwhile is 500, and the body is given back", async () => {
  const { store, log, visitor } = site();
  store.create = async () => "tooLarge";
  let isLeft = false;
  const body = new ByteStream({
    [Symbol.asyncIterator]: () => ({
      next: () => assert.fail("nobody reads it"),
      return: async () => {
        isLeft = true;
        return { done: true, value: undefined };
      },
    }),
  });
  const visit = await visitor().visit(async ({ session }) => {
    await session!.set("a", 1);
    return new Reply(200, [], body);
  });
  assert.equal(visit.code, "internalError");
  assert.ok(isLeft);
  assert.match(log.errors.join("\n"), /RangeError|65536/);
});

test("what is sent on has its session, where there are some; it is saved once", async () => {
  const { store, filter, visitor } = site();
  const withSessions = filter(answering((session) => session.set("b", 2)));
  const inner: Handler = (exchange) => {
    assert.equal(exchange.session, null);
    return withSessions(exchange);
  };
  await visitor().visit(
    async (exchange) => {
      await exchange.session!.set("a", 1);
      return exchange.reroute("/b");
    },
    { dispatch: inner },
  );
  assert.deepEqual(store.calls, ["create"]);
});

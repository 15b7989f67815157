import assert from "node:assert/strict";
import { test } from "node:test";
import { Reply, type Handler, type Json, type Session } from "../../http/exchange/index.ts";
import {
  answering,
  LeavingClient,
  roomContext,
  saidIn,
  SESSION_SETTINGS,
  StoreNotes,
  Visitor,
} from "../../testing/index.ts";
import { sessionFilter } from "./filter.ts";

const NAME = SESSION_SETTINGS.cookie;

function site(store = new StoreNotes(), settings = {}) {
  const sessionSettings = { ...SESSION_SETTINGS, ...settings };
  const filter = sessionFilter(true, roomContext({ sessions: store, sessionSettings }));
  return { store, visitor: () => new Visitor(filter) };
}

type Use = (session: Session) => Promise<unknown>;
const said = async (visitor: Visitor, use: Use) => saidIn(await visitor.visit(answering(use)));

for (const isLate of [false, true]) {
  const store = (): StoreNotes => Object.assign(new StoreNotes(), { isLate });
  const how = isLate ? "a store that answers later" : "a store that answers at once";

  test(`what is set is there for the next request, and seen at once (${how})`, async () => {
    const visitor = site(store()).visitor();
    const values: Record<string, Json> = {
      a: [1, { b: null }],
      "": "",
      __proto__x: false,
      é: "\ud800",
    };
    const set: Use = async (session) => {
      for (const [key, value] of Object.entries(values)) await session.set(key, value);
      assert.deepEqual(await session.get("a"), values["a"]);
    };
    await said(visitor, set);
    await said(visitor, async (session) => {
      for (const [key, value] of Object.entries(values)) {
        assert.deepEqual(await session.get(key), value);
      }
      assert.deepEqual((await session.keys()).toSorted(), Object.keys(values).toSorted());
    });
  });

  test(`what a handler does not wait for is saved, in its order (${how})`, async () => {
    const visitor = site(store()).visitor();
    await said(visitor, (session) => session.set("a", 0));
    await visitor.visit(({ session }) => {
      void session!.set("a", 1);
      void session!.set("b", 2);
      void session!.delete("a");
      void session!.set("c", 3);
      void session!.regenerate({ user: "ann" });
      return new Reply(200);
    });
    const all: Use = async (session) => [await session.keys(), await session.user];
    assert.deepEqual(await said(visitor, all), [["b", "c"], "ann"]);
  });
}

for (const key of ["__proto__", "constructor", "hasOwnProperty", "toString", "a b;c", "\0"]) {
  test(`${JSON.stringify(key)} is a key like any other`, async () => {
    const visitor = site().visitor();
    assert.equal(await said(visitor, (session) => session.get(key)), undefined);
    await said(visitor, (session) => session.set(key, { isAdmin: true }));
    assert.deepEqual(await said(visitor, (session) => session.get(key)), { isAdmin: true });
    assert.deepEqual(await said(visitor, (session) => session.keys()), [key]);
    assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
  });
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;
for (const [name, value] of [
  ["undefined", undefined],
  ["a function", () => 1],
  ["a symbol", Symbol("a")],
  ["a bigint", 1n],
  ["a cycle", cyclic],
] as const) {
  test(`${name} is no JSON: it is refused, and the rest is saved`, async () => {
    const visitor = site().visitor();
    await said(visitor, async (session) => {
      await session.set("a", 1);
      await assert.rejects(session.set("b", value as unknown as Json), TypeError);
    });
    assert.deepEqual(await said(visitor, (session) => session.keys()), ["a"]);
  });
}

test("what is deleted or taken is gone, for the same request and the next", async () => {
  const visitor = site().visitor();
  await said(visitor, async (session) => {
    await session.set("a", 1);
    await session.flash("note", "saved");
    await session.set("b", 2);
  });
  const take: Use = async (session) => {
    await session.delete("a");
    return [await session.get("a"), await session.take("note"), await session.take("note")];
  };
  assert.deepEqual(await said(visitor, take), [null, "saved", null]);
  const rest: Use = async (session) => [await session.keys(), await session.take("note")];
  assert.deepEqual(await said(visitor, rest), [["b"], null]);
});

test("nobody has such a name, and nothing is made", async () => {
  const visitor = site().visitor();
  await said(visitor, async (session) => {
    await assert.rejects(session.regenerate({ user: "a\nb" }), TypeError);
  });
  assert.equal(visitor.jar.size, 0);
});

test("a session that ends ends at once, and its cookie goes", async () => {
  const { visitor } = site();
  const ann = visitor();
  await said(ann, async (session) => {
    await session.set("a", 1);
    await session.regenerate({ user: "ann" });
  });
  const other = visitor();
  other.jar.set(NAME, ann.jar.get(NAME)!);
  const ended = await ann.visit(
    answering(async (session) => {
      await session.destroy();
      assert.equal(await said(other, (theirs) => theirs.get("a")), undefined);
      return [await session.get("a"), await session.user, await session.id, await session.keys()];
    }),
  );
  assert.deepEqual(saidIn(ended), [null, null, null, []]);
  const gone = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
  assert.deepEqual(ended.setCookies, [`${NAME}=; Path=/; ${gone}; HttpOnly; SameSite=Lax`]);
});

test("what is set behind the end is in another session", async () => {
  const { store, visitor } = site();
  const ann = visitor();
  await said(ann, (session) => session.set("a", 1));
  const old = ann.jar.get(NAME);
  await said(ann, async (session) => {
    await session.destroy();
    await session.set("b", 2);
  });
  assert.notEqual(ann.jar.get(NAME), old);
  assert.deepEqual(await said(ann, (session) => session.keys()), ["b"]);
  assert.deepEqual(
    store.calls.filter((call) => call !== "load"),
    ["create", "end", "create"],
  );
});

for (const [what, use] of [
  ["read", (session: Session) => session.get("a")],
  ["asked for its id", (session: Session) => session.id],
  ["emptied of what is not in it", (session: Session) => session.delete("a")],
  ["filled and emptied", (session: Session) => session.flash("a", 1).then(() => session.take("a"))],
  ["given a new id", (session: Session) => session.regenerate()],
  ["given to nobody", (session: Session) => session.regenerate({ user: null })],
  ["ended", (session: Session) => session.destroy()],
  [
    "given to somebody and ended",
    (session: Session) => session.regenerate({ user: "ann" }).then(() => session.destroy()),
  ],
] as const) {
  test(`a session that there is not and that is ${what} is not made`, async () => {
    const { store, visitor } = site();
    const ann = visitor();
    const visit = await ann.visit(answering(use));
    assert.deepEqual([visit.status, visit.setCookies, store.calls], [200, [], []]);
  });
}

test("what is set as it is, is not written", async () => {
  const { store, visitor } = site();
  const ann = visitor();
  await said(ann, (session) => session.set("a", { b: 1 }));
  await said(ann, (session) => session.set("a", { b: 1 }));
  assert.deepEqual(store.calls, ["create", "load"]);
});

test("what is too much is refused where it is set, and the handler goes on", async () => {
  const visitor = site(new StoreNotes(), { bytesMax: 100 }).visitor();
  await said(visitor, async (session) => {
    await session.set("a", 1);
    await assert.rejects(session.set("b", "x".repeat(100)), RangeError);
  });
  assert.deepEqual(await said(visitor, (session) => session.keys()), ["a"]);
});

test("behind the answer's head it can be read, and what would change it says so", async () => {
  const visitor = site().visitor();
  let late: Session | null = null;
  await visitor.visit(({ session }) => {
    late = session;
    return new Reply(200);
  });
  const changes: Use[] = [
    (session) => session.set("a", 1),
    (session) => session.delete("a"),
    (session) => session.flash("a", 1),
    (session) => session.take("a"),
    (session) => session.destroy(),
    (session) => session.regenerate({ user: "ann" }),
  ];
  for (const change of changes) await assert.rejects(change(late!), /the answer has begun/);
  assert.equal(await late!.get("a"), undefined);
});

test("behind the handler's deadline nothing is changed, and nothing is saved", async () => {
  const { store, visitor } = site();
  const ann = visitor();
  await said(ann, (session) => session.set("a", 1));
  const client = new LeavingClient();
  const slow: Handler = async ({ session }) => {
    await session!.set("a", 2);
    await session!.regenerate({ user: "ann" });
    client.isAnswered = true;
    await assert.rejects(session!.destroy(), /the answer has begun/);
    return new Reply(200);
  };
  assert.deepEqual((await ann.visit(slow, { client })).setCookies, []);
  assert.deepEqual(store.calls, ["create", "load"]);
  assert.equal(saidIn(await ann.visit(answering((session) => session.get("a")))), 1);
});

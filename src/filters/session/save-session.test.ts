import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "../../http/exchange/index.ts";
import {
  answering,
  roomContext,
  saidIn,
  SESSION_SETTINGS,
  StoreNotes,
  Visitor,
} from "../../testing/index.ts";
import { sessionFilter } from "./filter.ts";

const NAME = SESSION_SETTINGS.cookie;

function site() {
  const store = new StoreNotes();
  const filter = sessionFilter(true, roomContext({ sessions: store }));
  return { store, visitor: () => new Visitor(filter) };
}

type Use = (session: Session) => Promise<unknown>;
const said = async (visitor: Visitor, use: Use) => saidIn(await visitor.visit(answering(use)));

test("a new id keeps what there was, and nobody gets at it by the old one", async () => {
  const { store, visitor } = site();
  const ann = visitor();
  await said(ann, (session) => session.set("cart", [1]));
  const old = ann.jar.get(NAME)!;
  const login: Use = async (session) => {
    await session.regenerate({ user: "ann" });
    return [await session.user, await session.id];
  };
  const [user, id] = (await said(ann, login)) as [string, string];
  assert.equal(user, "ann");
  assert.equal(ann.jar.get(NAME), id);
  assert.notEqual(id, old);
  const all: Use = async (session) => [
    await session.get("cart"),
    await session.user,
    await session.id,
  ];
  assert.deepEqual(await said(ann, all), [[1], "ann", id]);
  const thief = visitor();
  thief.jar.set(NAME, old);
  assert.deepEqual(await said(thief, all), [null, null, null]);
  assert.deepEqual(
    store.calls.filter((call) => call !== "load"),
    ["create", "rename"],
  );
});

test("who it belongs to stays, or goes, as is said", async () => {
  const visitor = site().visitor();
  const user: Use = (session) => session.user;
  await said(visitor, (session) => session.regenerate({ user: "ann" }));
  await said(visitor, (session) => session.regenerate());
  assert.equal(await said(visitor, user), "ann");
  await said(visitor, async (session) => {
    await session.set("a", 1);
    await session.regenerate({ user: null });
  });
  assert.equal(await said(visitor, user), null);
  assert.equal(await said(visitor, (session) => session.get("a")), 1);
});

test("the first value and a new id in one request make one session", async () => {
  const { store, visitor } = site();
  const ann = visitor();
  const id: Use = async (session) => {
    await session.set("a", 1);
    await session.regenerate();
    return session.id;
  };
  assert.equal(await said(ann, id), ann.jar.get(NAME));
  assert.deepEqual(store.calls, ["create"]);
});

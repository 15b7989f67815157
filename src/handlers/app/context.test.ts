import assert from "node:assert/strict";
import { test } from "node:test";
import { PushStream, Reply, Takeover, type Session } from "../../http/exchange/index.ts";
import {
  exchangeOf,
  LeavingClient,
  LogNotes,
  OPENING,
  type AskedFor,
} from "../../testing/index.ts";
import { PARTS } from "./parts/index.ts";
import { answerOf } from "./answer.ts";
import { EventChannel } from "./events/index.ts";
import { ExchangeContext, type AppRoute } from "./context.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const ROUTE: AppRoute = {
  log,
  keepUntil: () => {},
  env: {},
  isPrefix: false,
  parts: PARTS,
  storage: null,
  upgrade: {},
};

function contextOf(asked: AskedFor = {}, route: Partial<AppRoute> = {}): ExchangeContext {
  return new ExchangeContext(exchangeOf(asked), { ...ROUTE, ...route });
}

test("under a prefix the rest of the path is a parameter, decoded", () => {
  const asked = { target: "/a/b%20c/d", prefixLength: 3 };
  assert.equal(contextOf(asked, { isPrefix: true }).params["*"], "b c/d");
  assert.equal(contextOf(asked).params["*"], undefined);
});

test("parameters have no prototype, so that nobody's name is among them", () => {
  const { params } = contextOf({}, { isPrefix: true });
  assert.equal(params["constructor"], undefined);
  assert.equal(Object.getPrototypeOf(params), null);
});

test("a route without sessions says what it lacks, and has no user", async () => {
  assert.throws(() => contextOf().session, /`session = true`/);
  assert.equal(await contextOf().user, null);
});

test("with sessions the user is the session's", async () => {
  const exchange = exchangeOf({});
  exchange.session = { user: Promise.resolve("ann") } as Session;
  const context = new ExchangeContext(exchange, ROUTE);
  assert.equal(await context.user, "ann");
  assert.equal(context.session, exchange.session);
});

test("the client is the connection's", () => {
  assert.deepEqual(contextOf().client, { address: "127.0.0.1", port: 1, secure: false });
});

test("whoever asks for the signal late hears that the client has left", () => {
  const client = new LeavingClient();
  const context = contextOf({ client });
  assert.equal(client.watchers, 0);
  client.leave();
  assert.equal(context.signal.aborted, true);
});

test("the signal is one, and aborted when the client leaves", () => {
  const client = new LeavingClient();
  const context = contextOf({ client });
  const { signal } = context;
  assert.equal(signal.aborted, false);
  client.leave();
  assert.equal(signal.aborted, true);
  assert.equal(context.signal, signal);
});

test("each line of its log says the request", () => {
  const notes = new LogNotes();
  const context = contextOf({}, { log: notes });
  context.log.warn("full");
  context.log.error("broken", new Error("why"));
  assert.match(
    [...notes.warnings, ...notes.errors].join("\n"),
    /request test-id: full[^]*request test-id: broken/,
  );
});

test("what goes on behind the answer is waited for, and what fails of it is logged", async () => {
  const kept: Promise<unknown>[] = [];
  const failed: unknown[] = [];
  const context = contextOf(
    {},
    {
      keepUntil: (work) => void kept.push(work),
      log: { ...log, error: (message, error) => void failed.push([message, error]) },
    },
  );
  const why = new Error("why");
  context.waitUntil(Promise.reject(why));
  context.waitUntil("no promise" as never);
  await Promise.all(kept);
  assert.equal(kept.length, 2);
  assert.deepEqual(failed, [["request test-id: what it left behind failed", why]]);
});

const opening = (fields: Record<string, string> = {}): AskedFor => {
  const lines = OPENING.split("\r\n").slice(1, -2);
  return { fields: { ...Object.fromEntries(lines.map((line) => line.split(": "))), ...fields } };
};

test("a web socket opens with its response, and is closed by any other", () => {
  const [good, other] = [contextOf(opening()), contextOf(opening())];
  const { socket, response } = good.upgrade();
  good.answered(response);
  const reply = answerOf(response, exchangeOf({}));
  assert.ok(reply instanceof Reply && reply.status === 101 && reply.body instanceof Takeover);
  assert.equal(socket.readyState, 0);
  const left = other.upgrade();
  other.answered(new Response("no"));
  assert.equal(left.socket.readyState, 3);
});

test("a request becomes one web socket: a second could not be opened", () => {
  const context = contextOf(opening());
  const { socket } = context.upgrade();
  assert.throws(() => context.upgrade(), TypeError);
  context.answered(null);
  assert.equal(socket.readyState, 3);
});

test("pages that may open web sockets are the route's, or those that the app names", () => {
  const page = { Origin: "https://friend.example" };
  const upgrade = { origins: ["https://friend.example"] };
  const of = (route: Partial<AppRoute>): ExchangeContext => contextOf(opening(page), route);
  assert.throws(() => of({}).upgrade(), { code: "crossSite" });
  assert.equal(of({ upgrade }).upgrade().response.status, 101);
  assert.equal(of({}).upgrade(upgrade).response.status, 101);
  assert.throws(() => of({ upgrade }).upgrade({ origins: [] }), { code: "crossSite" });
  assert.throws(() => contextOf().upgrade(), { code: "upgradeRequired" });
});

test("a subscription to events is answered as one, with the headers that the app added", () => {
  const response = new EventChannel().subscribe(new Request("http://localhost/"));
  response.headers.set("X-Own", "1");
  const reply = answerOf(response, exchangeOf({}));
  assert.ok(reply instanceof Reply && reply.body instanceof PushStream);
  assert.deepEqual(reply.fields.at(-1), ["x-own", "1"]);
});

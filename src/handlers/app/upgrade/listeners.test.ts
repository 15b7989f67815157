import assert from "node:assert/strict";
import { test } from "node:test";
import { Listeners } from "./listeners.ts";

interface Events {
  said: { readonly text: string };
  left: object;
}

const nothing = (): void => undefined;

function dispatch(listeners: Listeners<Events>, text: string): unknown[] {
  const told: unknown[] = [];
  listeners.dispatch(
    "said",
    { text },
    (promise) => told.push(promise),
    (error) => told.push(error),
  );
  return told;
}

test("all who listen are told, of their type only", () => {
  const listeners = new Listeners<Events>();
  const heard: string[] = [];
  listeners.on.said = ({ text }) => heard.push(`on ${text}`);
  listeners.add("said", ({ text }) => heard.push(`one ${text}`));
  listeners.add("said", { handleEvent: ({ text }) => heard.push(`object ${text}`) });
  listeners.add("left", () => heard.push("left"));
  dispatch(listeners, "x");
  assert.deepEqual(heard, ["on x", "one x", "object x"]);
});

test("one that throws, and one that rejects, keep the others from nothing", () => {
  const listeners = new Listeners<Events>();
  const error = new Error("a bug");
  const promise = Promise.resolve();
  let heard = 0;
  listeners.on.said = () => {
    throw error;
  };
  listeners.add("said", () => promise);
  listeners.add("said", () => (heard += 1));
  assert.deepEqual(dispatch(listeners, "x"), [error, promise]);
  assert.equal(heard, 1);
});

test("a listener is told once, however often it was added, and not when it was removed", () => {
  const listeners = new Listeners<Events>();
  let heard = 0;
  const listen = (): unknown => (heard += 1);
  listeners.add("said", listen);
  listeners.add("said", listen);
  dispatch(listeners, "x");
  assert.equal(heard, 1);
  listeners.remove("left", listen);
  listeners.remove("said", nothing);
  dispatch(listeners, "x");
  assert.equal(heard, 2);
  listeners.remove("said", listen);
  dispatch(listeners, "x");
  assert.equal(heard, 2);
});

test("`once` is once, also where its listener has the same said again", () => {
  const listeners = new Listeners<Events>();
  let heard = 0;
  const listen = (): void => {
    heard += 1;
    if (heard < 5) dispatch(listeners, "again");
  };
  listeners.add("said", listen, { once: true });
  dispatch(listeners, "x");
  assert.equal(heard, 1);
});

test("a signal that is aborted removes, or never adds", () => {
  const listeners = new Listeners<Events>();
  let heard = 0;
  const leaving = new AbortController();
  listeners.add("said", () => (heard += 1), { signal: leaving.signal });
  dispatch(listeners, "x");
  leaving.abort();
  listeners.add("said", () => (heard += 1), { signal: leaving.signal });
  dispatch(listeners, "x");
  assert.equal(heard, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { withExample, type Example } from "./served-example.ts";

/** What a listener is told, event by event. */
async function* told(example: Example, lastId: string | null = null): AsyncGenerator<string> {
  const headers: Record<string, string> = lastId === null ? {} : { "Last-Event-ID": lastId };
  const answer = await example.fetch("/events", { headers });
  assert.match(answer.headers.get("content-type")!, /^text\/event-stream/u);
  let text = "";
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}

async function next(events: AsyncGenerator<string>): Promise<{ id: string; data: unknown }> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one behind the other
    const { value } = await events.next();
    const event = value as string;
    const data = /^data: ?(.*)$/mu.exec(event)?.[1];
    const id = /^id: ?(.*)$/mu.exec(event)?.[1];
    if (data !== undefined) return { id: id ?? "", data: JSON.parse(data) as unknown };
  }
}

function say(example: Example, name: string, text: string): Promise<Response> {
  return example.fetch("/say", { method: "POST", body: new URLSearchParams({ name, text }) });
}

test("what one says, all hear, on both workers", () =>
  withExample("chat", async (example) => {
    const listeners = Array.from({ length: 8 }, () => told(example));
    const heard = Promise.all(listeners.map(next));
    // A listener is one once its answer has begun: what is said is said until all have heard.
    let isOver = false;
    const over = (): void => void (isOver = true);
    void heard.then(over, over);
    while (!isOver) {
      // oxlint-disable-next-line no-await-in-loop -- said again and again
      assert.equal((await say(example, "Ann", "Hello\ndata: no")).status, 204);
    }
    for (const { data } of await heard) {
      assert.deepEqual(data, { name: "Ann", text: "Hello\ndata: no" });
    }
    await Promise.all(listeners.map((listener) => listener.return(undefined)));
  }));

test("who comes back hears what was missed", () =>
  withExample("chat", async (example) => {
    const listener = told(example);
    const first = next(listener);
    let isOver = false;
    const over = (): void => void (isOver = true);
    void first.then(over, over);
    // oxlint-disable-next-line no-await-in-loop -- said until somebody listens
    while (!isOver) await say(example, "Ann", "first");
    const { id: heard } = await first;
    await listener.return(undefined);
    await say(example, "Ann", "missed");
    const back = told(example, heard);
    let again = await next(back);
    const text = ({ data }: { data: unknown }): string => (data as { text: string }).text;
    // oxlint-disable-next-line no-await-in-loop -- up to what was missed
    while (text(again) === "first") again = await next(back);
    assert.equal(text(again), "missed");
    await back.return(undefined);
  }));

for (const [what, name, text] of [
  ["nobody", "", "Hello"],
  ["nothing", "Ann", " "],
  ["too much", "Ann", "x".repeat(501)],
] as const) {
  test(`${what} is not said`, () =>
    withExample("chat", async (example) => {
      assert.equal((await say(example, name, text)).status, 400);
    }));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { turns, until } from "../../../testing/index.ts";
import { EventChannel } from "./event-channel.ts";
import { join, tell } from "./other-threads.ts";

class Hearer {
  readonly heard: (readonly [text: string, id: string | null])[] = [];

  hear(bytes: Uint8Array, id: string | null): void {
    this.heard.push([Buffer.from(bytes).toString(), id]);
  }
}

/** A thread that has a channel of `name`, and publishes in it what it is told. */
async function otherThread(name: string): Promise<Worker> {
  const module = new URL("event-channel.ts", import.meta.url).href;
  const code = `
    const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(module)}).then(({ EventChannel }) => {
      const channel = new EventChannel(${JSON.stringify(name)});
      const body = channel.subscribe({ headers: new Headers() }).body.getReader();
      const next = () => body.read().then(({ value }) => {
        parentPort.postMessage(Buffer.from(value).toString());
        return next();
      });
      next();
      parentPort.on("message", (event) => channel.publish(event));
      parentPort.postMessage("ready");
    });`;
  const worker = new Worker(code, { eval: true });
  await new Promise((resolve) => worker.once("message", resolve));
  return worker;
}

test("what is said in one thread is heard in the others, under its name only", async () => {
  const [same, other] = [new Hearer(), new Hearer()];
  join("threads", same);
  join("threads, others", other);
  const worker = await otherThread("threads");
  try {
    const heardThere: unknown[] = [];
    worker.on("message", (message) => heardThere.push(message));
    worker.postMessage({ data: "from there", id: "7" });
    await until(() => same.heard.length === 1);
    assert.deepEqual(same.heard, [["id: 7\ndata: from there\n\n", "7"]]);
    new EventChannel("threads").publish({ data: "from here" });
    new EventChannel("threads, others").publish({ data: "to others" });
    await until(() => heardThere.length === 2);
    await turns(20);
    assert.deepEqual(heardThere, ["id: 7\ndata: from there\n\n", "data: from here\n\n"]);
    assert.deepEqual(other.heard, [["data: to others\n\n", null]]);
  } finally {
    await worker.terminate();
  }
});

test("channels of one name in one thread hear each other, and nobody itself", () => {
  const [one, two] = [new Hearer(), new Hearer()];
  join("thread", one);
  join("thread", two);
  tell("thread", one, Buffer.from("x"), null);
  assert.deepEqual([one.heard, two.heard], [[], [["x", null]]]);
});

test("a channel without a name is heard nowhere else", () => {
  const hearer = new Hearer();
  join("", hearer);
  new EventChannel().publish({ data: "x" });
  assert.deepEqual(hearer.heard, []);
});

test("the line holds up no thread's end", async () => {
  const code = `
    import(${JSON.stringify(new URL("event-channel.ts", import.meta.url).href)})
      .then(({ EventChannel }) => new EventChannel("end").publish({ data: "x" }));`;
  const worker = new Worker(code, { eval: true });
  const exit = await new Promise((resolve) => worker.once("exit", resolve));
  assert.equal(exit, 0);
});

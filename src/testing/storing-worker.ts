// A server's worker that asks for room in the data folder as soon as it is there, and has a program
// told whether it got any: what an upload does, without one.
import { systemClock } from "../base/clock.ts";
import { AccountClient, EventsClient, serveOrders } from "../runtime/index.ts";
import { ServingLoop, type Order, type ServingInit } from "../server/index.ts";

void serveOrders<ServingInit, Order>(async (init, parent) => {
  const folder = init.hidden!;
  const account = new AccountClient((message) => parent.note({ kind: "account", message }));
  const events = new EventsClient(systemClock, (message) =>
    parent.note({ kind: "event", message }),
  );
  const loop = await ServingLoop.begin(init, parent.index, (note) => parent.note(note));
  const store = async (): Promise<void> => {
    const granted = await account.reserve(folder, 600_000, 1_000_000);
    // One write: whoever is ended half-way leaves no half of a line.
    const script = 'read -r event; printf "%s\\n" "$event" >> "$0"';
    const run = ["/bin/sh", "-c", script, `${folder}/told`];
    const what = { route: "/", path: folder, size: 0, type: "text/plain", sha256: null };
    const hook = { run, post: null, atOnce: 1, timeoutMs: 60_000 };
    events.stored(hook, { ...what, name: granted ? "granted" : "refused" });
  };
  setImmediate(() => void store());
  return {
    carryOut: (order) =>
      order.kind === "account" ? account.receive(order.message) : loop.carryOut(order),
  };
});

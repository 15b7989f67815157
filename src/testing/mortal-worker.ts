// A server's worker that dies when it is told to through shared memory, for tests of its successor.
import { serveOrders } from "../runtime/index.ts";
import { ServingLoop, type Order, type ServingInit } from "../server/index.ts";

serveOrders<ServingInit, Order>((init, parent) => {
  const { generation } = init.shared;
  setInterval(() => {
    const told = -1 - parent.index;
    if (Atomics.compareExchange(generation, 0, told, 0) === told) throw new Error("told to die");
  }, 5).unref();
  return new ServingLoop(init, parent.index, (note) => parent.note(note));
});

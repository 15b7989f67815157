// A server's worker that dies, or stands still, when it is told to through shared memory.
import { serveOrders } from "../runtime/index.ts";
import { ServingLoop, type Order, type ServingInit } from "../server/index.ts";

/** What is taken off the word that means death, for a loop that never turns again. */
const STUCK = 1000;

void serveOrders<ServingInit, Order>((init, parent) => {
  const { generation } = init.shared;
  setInterval(() => {
    const told = -1 - parent.index;
    if (Atomics.compareExchange(generation, 0, told, 0) === told) throw new Error("told to die");
    while (Atomics.load(generation, 0) === told - STUCK);
  }, 5).unref();
  return ServingLoop.begin(init, parent.index, (note) => parent.note(note));
});

// Where a worker's thread begins. Its globals are the server's own: what serves in somebody else's
// thread leaves them as they are.
import { serveOrders } from "../runtime/index.ts";
import type { Order, ServingInit } from "./orders.ts";
import { BUILT_IN } from "./registry.ts";
import { ServingLoop } from "./serving-loop.ts";

void serveOrders<ServingInit, Order>(async (init, parent) => {
  for (const room of BUILT_IN.handlers) room.begin?.();
  const loop = await ServingLoop.begin(init, parent.index, (note) => parent.note(note));
  process.on("unhandledRejection", (reason) => loop.onUnhandledRejection(reason));
  return loop;
});

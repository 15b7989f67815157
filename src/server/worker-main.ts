// Where a worker's thread begins.
import { serveOrders } from "../runtime/index.ts";
import type { Order, ServingInit } from "./orders.ts";
import { ServingLoop } from "./serving-loop.ts";

serveOrders<ServingInit, Order>(
  (init, parent) => new ServingLoop(init, parent.index, (note) => parent.note(note)),
);

// Where a worker's thread begins.
import { serveOrders } from "../runtime/index.ts";
import type { Order, ServingInit } from "./orders.ts";
import { ServingLoop } from "./serving-loop.ts";

void serveOrders<ServingInit, Order>((init, parent) =>
  ServingLoop.begin(init, parent.index, (note) => parent.note(note)),
);

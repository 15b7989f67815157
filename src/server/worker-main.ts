// Where a worker's thread begins.
import { serveOrders } from "../runtime/index.ts";
import type { Order, ServingInit } from "./orders.ts";
import { ServingLoop } from "./serving-loop.ts";

serveOrders<ServingInit, Order>((init, { index, note }) => new ServingLoop(init, index, note));

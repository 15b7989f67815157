export { OrderFailed, WorkerGone } from "./messages.ts";
export { serveOrders, type Parent, type WorkerSide } from "./serve-orders.ts";
export { seatsOf, type PooledWorker } from "./places.ts";
export { WorkerPool, type PoolOptions } from "./worker-pool.ts";

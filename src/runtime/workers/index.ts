export { OrderFailed, WorkerGone } from "./messages.ts";
export { serveOrders, type Parent, type WorkerSide } from "./serve-orders.ts";
export { WorkerPool, seatsOf, type PooledWorker, type PoolOptions } from "./worker-pool.ts";
